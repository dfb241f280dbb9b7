import { deviance, logGamma, stirlingError } from "./gamma.ts";
import { signChange } from "./root.ts";

/** ln B(a, b) for a, b > 0. For large arguments by Stirling errors, so that differences of it stay accurate. NaN outside. */
export function logBeta(a: number, b: number): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/**
 * Density of the binomial distribution continued to real x in 0..n: gamma(n+1)/(gamma(x+1) gamma(n-x+1)) p^x q^(n-x).
 * Saddle-point form of C. Loader (2000), so that it is accurate where the gamma functions are huge. `q` is 1 - p.
 */
export function binomialLike(x: number, n: number, p: number, q: number): number {
  if (p <= 0) return x === 0 ? 1 : 0;
  if (q <= 0) return x === n ? 1 : 0;
  if (x <= 0) return n === 0 ? 1 : Math.exp(n * Math.log1p(-p));
  if (x >= n) return Math.exp(n * Math.log(p));
  const exponent =
    stirlingError(n) - stirlingError(x) - stirlingError(n - x) - deviance(x, n * p) - deviance(n - x, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * x * (n - x)));
}

/**
 * Regularised incomplete beta function I_x(a, b), 0..1, for a, b > 0 and x in 0..1; NaN outside.
 * Lentz's continued fraction (DLMF 8.17.22) with Loader's prefactor.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0) || !(x >= 0 && x <= 1)) return Number.NaN;
  if (x === 0 || x === 1) return x;
  const prefactor = binomialLike(a, a + b, x, 1 - x) * ((a * b) / (a + b));
  if (x < (a + 1) / (a + b + 2)) return (prefactor * betaFraction(x, a, b)) / a;
  return 1 - (prefactor * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1 / d;
  let fraction = d;
  for (let m = 1; m < 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 3e-16) break;
  }
  return fraction;
}

/** P(T > t) of Student's t distribution with `degrees` > 0 degrees of freedom. */
export function studentUpper(t: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(t)) return Number.NaN;
  const square = t * t;
  const half = 0.5 * incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5);
  const tail = square < 1 ? 0.5 - 0.5 * incompleteBeta(square / (degrees + square), 0.5, degrees / 2) : half;
  return t >= 0 ? tail : 1 - tail;
}

/** The t with P(T <= t) = `probability` (exclusive 0 to 1) of Student's distribution with `degrees` > 0. NaN outside. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1) || !(degrees > 0)) return Number.NaN;
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let high = 2;
  while (studentUpper(high, degrees) > 1 - probability) high *= 2;
  return signChange((t) => 1 - probability - studentUpper(t, degrees), 0, high);
}

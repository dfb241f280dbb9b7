import { signChange } from "./root.ts";

const halfLogTwoPi = 0.9189385332046728;

/**
 * Natural logarithm of the gamma function for x > 0, relative error about 1e-15 away from its zeros at 1 and 2.
 * Stirling's series (Abramowitz and Stegun 6.1.40) from x = 12 upwards, the recurrence gamma(x + 1) = x gamma(x) below.
 * NaN where x is not positive.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let shifted = x;
  while (shifted < 12) {
    product *= shifted;
    shifted += 1;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingSeries(shifted) - Math.log(product);
}

function stirlingSeries(x: number): number {
  const inverse = 1 / (x * x);
  const terms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
  let sum = 0;
  for (let index = terms.length - 1; index >= 0; index--) sum = sum * inverse + (terms[index] as number);
  return sum / x;
}

/**
 * Error of Stirling's formula: ln gamma(x + 1) - (x + 1/2) ln x + x - ln(2 pi)/2, for x > 0.
 * Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
 */
export function stirlingError(x: number): number {
  if (x >= 12) return stirlingSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

/** Loader's deviance term x ln(x / m) + m - x, without the cancellation near x = m. */
export function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) < 0.1 * (x + mean)) {
    const ratio = (x - mean) / (x + mean);
    let sum = (x - mean) * ratio;
    let term = 2 * x * ratio;
    const square = ratio * ratio;
    for (let index = 1; index < 1000; index++) {
      term *= square;
      const next = sum + term / (2 * index + 1);
      if (next === sum) return next;
      sum = next;
    }
    return sum;
  }
  return x * Math.log(x / mean) + mean - x;
}

/** x^a e^-x / gamma(a + 1), the Poisson density at a real a > 0. */
function poissonLike(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/**
 * Upper regularised incomplete gamma function Q(a, x), 0..1, for a > 0 and x >= 0; relative error about 1e-13 in the tail too.
 * Series for x < a + 1, Lentz's continued fraction beyond (Numerical Recipes 6.2; DLMF 8.9.2). NaN outside its range.
 */
export function gammaUpper(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN;
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x < a + 1) return 1 - gammaSeries(a, x);
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let index = 1; index < 100_000; index++) {
    const an = -index * (index - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return poissonLike(a, x) * a * fraction;
}

/** Lower regularised incomplete gamma function P(a, x) = 1 - Q(a, x), accurate for small values. NaN outside a > 0, x >= 0. */
export function gammaLower(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN;
  if (x === 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaUpper(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let index = 1; index < 100_000; index++) {
    term *= x / (a + index);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return poissonLike(a, x) * sum;
}

/** P(X > x) of the chi-square distribution with `degrees` > 0 degrees of freedom. */
export function chiSquareUpper(x: number, degrees: number): number {
  return gammaUpper(degrees / 2, Math.max(0, x) / 2);
}

/** The x with P(X <= x) = `probability` (exclusive 0 to 1) of the chi-square distribution with `degrees` > 0 degrees of freedom. NaN outside. */
export function chiSquareQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1) || !(degrees > 0)) return Number.NaN;
  let high = degrees + 10;
  const rises = (x: number) =>
    probability < 0.5 ? gammaLower(degrees / 2, x / 2) - probability : 1 - probability - gammaUpper(degrees / 2, x / 2);
  while (rises(high) < 0) high *= 2;
  return signChange(rises, 0, high);
}

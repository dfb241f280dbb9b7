import { logBeta } from "./beta.ts";

/**
 * Natural logarithm of the e-value against "each request goes to the challenger with probability `share`": the beta-binomial mixture
 * Beta(100 share, 100 (1 - share)) over the binomial likelihood. It may be looked at after every request: under the declared share it
 * ever exceeds e with probability at most 1/e (J. Ville 1939; M. Lindon and A. Malek, Anytime-Valid Inference for Multinomial
 * Count Data, 2022).
 * @param share exclusive 0 to 1
 */
export function logShareEvidence(challenger: number, champion: number, share: number): number {
  const a = 100 * share;
  const b = 100 * (1 - share);
  return (
    logBeta(a + challenger, b + champion) - logBeta(a, b) - challenger * Math.log(share) - champion * Math.log1p(-share)
  );
}

/** True when the observed split speaks against the declared share with an e-value above 1000. Shares 0 and 1 are broken by one request to the other side. */
export function shareMismatch(challenger: number, champion: number, share: number): boolean {
  if (share <= 0) return challenger > 0;
  if (share >= 1) return champion > 0;
  return logShareEvidence(challenger, champion, share) > Math.log(1000);
}

/** True when traffic has reached its share: within max(0.2 share, 0.005) of it over 200 requests or more, or not rejected at 1,000 or more. */
export function converged(challenger: number, champion: number, share: number): boolean {
  const total = challenger + champion;
  if (total < 200) return false;
  if (Math.abs(challenger / total - share) <= Math.max(0.2 * share, 0.005)) return true;
  return total >= 1000 && !shareMismatch(challenger, champion, share);
}

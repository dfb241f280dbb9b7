import { aucDifference, placements } from "../../runtime/stats/auc.ts";
import { normalQuantile } from "../../runtime/stats/normal.ts";
import { uniform, xoshiro128 } from "../../runtime/stats/random.ts";

export interface EqualVersions {
  /** Of both versions. */
  readonly auc: number;
  /** Of their scores, in each class. */
  readonly correlation: number;
  readonly margin: number;
  readonly positives: number;
  readonly negatives: number;
  readonly runs: number;
}

/** Share of simulated runs in which an equal challenger is shown to be at most `margin` worse at 95 %, by the runtime's own DeLong interval. */
export function aucPasses({ auc, correlation, margin, positives, negatives, runs }: EqualVersions): number {
  const random = xoshiro128([7, 11, 13, 17]);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
  const shift = Math.SQRT2 * normalQuantile(auc);
  const rest = Math.sqrt(1 - correlation ** 2);
  const rows = positives + negatives;
  const label = Float64Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0));
  const one = new Float64Array(rows);
  const other = new Float64Array(rows);
  let passed = 0;
  for (let run = 0; run < runs; run += 1) {
    for (let row = 0; row < rows; row += 1) {
      const shared = normal();
      const mean = row < positives ? shift : 0;
      one[row] = mean + shared;
      other[row] = mean + correlation * shared + rest * normal();
    }
    const { difference, standardError } = aucDifference(placements(label, one), placements(label, other));
    if (difference - 1.6448536269514722 * standardError >= -margin) passed += 1;
  }
  return passed / runs;
}

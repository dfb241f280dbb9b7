/**
 * Where a monotone function changes sign, by bisection to the last representable number.
 * @param rises must go from negative (or zero) at `low` to positive (or zero) at `high`
 * @returns the middle of the last bracket; `low` or `high` themselves when the sign does not change between them
 */
export function signChange(rises: (x: number) => number, low: number, high: number): number {
  let left = low;
  let right = high;
  if (rises(left) >= 0) return left;
  if (rises(right) <= 0) return right;
  for (let step = 0; step < 1100; step++) {
    const middle = left + (right - left) / 2;
    if (middle <= left || middle >= right) break;
    if (rises(middle) < 0) left = middle;
    else right = middle;
  }
  return left + (right - left) / 2;
}

/** Longest distance at which a word is still taken for a misspelling: 1 change up to 4 letters, 2 up to 7, then 3. */
function threshold(length: number): number {
  if (length <= 2) return 0;
  if (length <= 4) return 1;
  return length <= 7 ? 2 : 3;
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours each count one. */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    const above = rows[row - 1] ?? [];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, (rows[row - 2]?.[column - 2] ?? 0) + 1);
      current.push(best);
    }
    rows.push(current);
  }
  return rows[from.length]?.[to.length] ?? 0;
}

/** Two letters are near to nearly every other two; only their swap is taken for a slip. */
function swapped(word: string, candidates: Iterable<string>): string | undefined {
  for (const candidate of candidates) {
    if (candidate.length === 2 && candidate[0] === word[1] && candidate[1] === word[0] && candidate !== word)
      return candidate;
  }
  return undefined;
}

/** What was probably meant by `word`: the nearest of `candidates`, the first of equals, or nothing when none is near. Letter case counts as no difference. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  if (word.length === 2) return swapped(lower, candidates);
  let nearest: string | undefined;
  let least = threshold(word.length) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const changes = distance(lower, candidate.toLowerCase());
    if (changes < least && candidate !== word) {
      nearest = candidate;
      least = changes;
    }
  }
  return nearest;
}

/** Rows with the same number of active one-hot columns each. Column 0 is the intercept, active everywhere and not listed. */
export interface OneHotRows {
  /** Active columns, `active` of them a row, each in 1..columns-1. */
  readonly columns: Uint16Array;
  readonly active: number;
  /** 1 where the event happened. */
  readonly labels: Uint8Array;
  /** Number of columns, the intercept among them. */
  readonly width: number;
}

export interface Fit {
  /** One weight a column; 0 is the intercept. */
  readonly weights: Float64Array;
  readonly iterations: number;
  /** Largest change of a weight in the last iteration. */
  readonly lastChange: number;
}

/**
 * Logistic regression with an L2 penalty (`penalty`/2 times the sum of the squared weights, the intercept left free), by Newton's method.
 * The loss is convex and the steps are exact, so there is no learning rate and no randomness: same rows, same weights.
 * `iterated` is told the number and the mean log loss before each step.
 */
export function fitLogistic(
  rows: OneHotRows,
  penalty: number,
  iterated: (iteration: number, logLoss: number) => void,
): Fit {
  const { columns, active, labels, width } = rows;
  const weights = new Float64Array(width);
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  let iterations = 0;
  let lastChange = Number.POSITIVE_INFINITY;
  while (iterations < 25 && lastChange > 1e-6) {
    gradient.fill(0);
    hessian.fill(0);
    let loss = 0;
    for (let row = 0, start = 0; row < labels.length; row += 1, start += active) {
      const logit = linear(rows, weights, row);
      const probability = 1 / (1 + Math.exp(-logit));
      const label = at(labels, row);
      loss += Math.max(logit, 0) - label * logit + Math.log1p(Math.exp(-Math.abs(logit)));
      const residual = probability - label;
      const curvature = probability * (1 - probability);
      add(gradient, 0, residual);
      add(hessian, 0, curvature);
      for (let i = 0; i < active; i += 1) {
        const column = at(columns, start + i);
        add(gradient, column, residual);
        add(hessian, column * width, curvature);
        // Columns of a row ascend, so this fills the lower triangle only.
        for (let j = 0; j <= i; j += 1) {
          add(hessian, column * width + at(columns, start + j), curvature);
        }
      }
    }
    for (let column = 1; column < width; column += 1) {
      add(gradient, column, penalty * at(weights, column));
      add(hessian, column * width + column, penalty);
    }
    iterated(iterations, loss / labels.length);
    const step = solvePositiveDefinite(hessian, gradient);
    lastChange = 0;
    for (let column = 0; column < width; column += 1) {
      add(weights, column, -at(step, column));
      lastChange = Math.max(lastChange, Math.abs(at(step, column)));
    }
    iterations += 1;
  }
  return { weights, iterations, lastChange };
}

/** The logit of one row. */
export function linear(rows: OneHotRows, weights: Float64Array, row: number): number {
  let sum = at(weights, 0);
  for (let i = row * rows.active; i < (row + 1) * rows.active; i += 1) {
    sum += at(weights, at(rows.columns, i));
  }
  return sum;
}

/** Area under the ROC curve: the share of pairs in order, ties counted half (Mann-Whitney). NaN where a class is missing. */
export function areaUnderCurve(scores: Float64Array, labels: Uint8Array): number {
  const negatives = scores.filter((_, row) => labels[row] === 0).sort();
  const positives = scores.filter((_, row) => labels[row] === 1).sort();
  let below = 0;
  let through = 0;
  let inOrder = 0;
  for (const score of positives) {
    while (below < negatives.length && at(negatives, below) < score) {
      below += 1;
    }
    through = Math.max(through, below);
    while (through < negatives.length && at(negatives, through) === score) {
      through += 1;
    }
    inOrder += (below + through) / 2;
  }
  return inOrder / (negatives.length * positives.length);
}

/** Solves A x = b by Cholesky's decomposition. Reads the lower triangle of `matrix` (row by row) and overwrites it. */
function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = at(matrix, i * size + j);
      for (let k = 0; k < j; k += 1) {
        sum -= at(matrix, i * size + k) * at(matrix, j * size + k);
      }
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(matrix, j * size + j);
    }
  }
  const solution = Float64Array.from(right);
  for (let i = 0; i < size; i += 1) {
    let sum = at(solution, i);
    for (let k = 0; k < i; k += 1) {
      sum -= at(matrix, i * size + k) * at(solution, k);
    }
    solution[i] = sum / at(matrix, i * size + i);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = at(solution, i);
    for (let k = i + 1; k < size; k += 1) {
      sum -= at(matrix, k * size + i) * at(solution, k);
    }
    solution[i] = sum / at(matrix, i * size + i);
  }
  return solution;
}

/** Every index in this file is inside its array by construction; 0 only satisfies the type. */
function at(values: Float64Array | Uint16Array | Uint8Array, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = (values[index] ?? 0) + amount;
}

/** What people call a built-in metric, and what it says. */
interface MetricWords {
  readonly name: string;
  readonly meaning: string;
}

export const metricWords: Readonly<Record<string, MetricWords>> = {
  accuracy: { name: "accuracy", meaning: "the share of rows that the model gets right" },
  auc: {
    name: "AUC",
    meaning:
      "the chance that a row whose label is yes gets a higher score than a row whose label is no; 1 is perfect, 0.5 is guessing",
  },
  average_precision: {
    name: "average precision",
    meaning: "precision, averaged over all thresholds that find another positive; 1 is perfect",
  },
  precision: { name: "precision", meaning: "of the rows that the model says yes to, the share that is right" },
  recall: { name: "recall", meaning: "of the rows whose label is yes, the share that the model finds" },
  specificity: { name: "specificity", meaning: "of the rows whose label is no, the share that the model leaves alone" },
  f1: { name: "F1", meaning: "precision and recall in one number (their harmonic mean); 1 is perfect" },
  positive_rate: { name: "positive rate", meaning: "the share of rows that the model says yes to" },
  calibration_error: {
    name: "calibration error",
    meaning: "how far predicted chances lie from what then happens, on average",
  },
  log_loss: { name: "log loss", meaning: "the penalty for confident wrong predictions; lower is better" },
  brier: {
    name: "Brier score",
    meaning: "the mean squared distance of predicted chances from what happened; lower is better",
  },
  mae: { name: "mean absolute error", meaning: "how far predictions are off, on average, in the label's own unit" },
  rmse: {
    name: "root mean squared error",
    meaning: "how far predictions are off, where large misses weigh more, in the label's own unit",
  },
  pinball: { name: "pinball loss", meaning: "the loss of a predicted quantile; lower is better" },
  r2: { name: "R squared", meaning: "the share of the label's variation that the model explains; 1 is perfect" },
  mape: { name: "MAPE", meaning: "the mean error as a percentage of the true value" },
  wape: { name: "WAPE", meaning: "the sum of all errors as a percentage of the sum of all true values" },
  ndcg: { name: "NDCG", meaning: "how well the best results stand at the top of a ranking; 1 is perfect" },
  map: { name: "mean average precision", meaning: "average precision of a ranking, averaged over queries" },
  recall_at: { name: "recall in the first results", meaning: "the share of relevant results among the first ones" },
};

/** What people call a drift function, and what its values say. */
export const driftWords: Readonly<Record<string, MetricWords>> = {
  psi: {
    name: "PSI",
    meaning:
      "population stability index, how much a distribution has moved; 0 is unmoved, above 0.25 is usually called a large change",
  },
  js_distance: { name: "Jensen-Shannon distance", meaning: "how much a distribution has moved, from 0 (unmoved) to 1" },
  js_divergence: {
    name: "Jensen-Shannon divergence",
    meaning: "how much a distribution has moved, from 0 (unmoved) to 1",
  },
  hellinger: { name: "Hellinger distance", meaning: "how much a distribution has moved, from 0 (unmoved) to 1" },
  tvd: {
    name: "total variation distance",
    meaning: "the share of rows that would have to change to undo the move, from 0 to 1",
  },
  l_infinity: {
    name: "largest shift",
    meaning: "the largest change of the share of any one value or bin, from 0 to 1",
  },
  ks: {
    name: "Kolmogorov-Smirnov distance",
    meaning:
      "the largest gap between two cumulative distributions, from 0 (unmoved) to 1; chance as the cause must also be unlikely",
  },
  wasserstein: {
    name: "Wasserstein distance",
    meaning: "how far values have moved on average, in standard deviations of the reference window",
  },
  chi_square: {
    name: "Cramer's V",
    meaning:
      "how much the shares of categories have moved, from 0 (unmoved) to 1; chance as the cause must also be unlikely",
  },
  mmd: {
    name: "maximum mean discrepancy",
    meaning: "how far two samples lie apart; 0 is unmoved; chance as the cause must also be unlikely",
  },
};

/** The name of a metric of the model, for a sentence; a metric that is not built in keeps its own. */
export function metricName(metric: string, options: Readonly<Record<string, string | number>>): string {
  const words = metricWords[metric]?.name ?? `\`${metric}\``;
  const added = Object.entries(options).map(([name, option]) =>
    name === "average" ? String(option) : `${name} = ${option}`,
  );
  return added.length === 0 ? words : `${words} (${added.join(", ")})`;
}

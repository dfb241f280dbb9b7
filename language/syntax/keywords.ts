/** Every word of the grammar. Wherever a name is wanted, each of them may be used as a name. */
// biome-ignore format: one word a line would be 160 lines that say nothing
export const keywords = [
  "above", "absolute_gates_only", "advisory", "after", "all", "any", "applies", "approval", "as", "at", "backoff",
  "because", "before", "below", "better", "block", "breaker", "budget", "by", "champion", "check", "checks", "clears",
  "clustered", "columns", "command", "confidence", "cooldown", "counted", "current", "data", "dataset", "decay",
  "decides", "description", "drift", "drops", "each", "env", "evaluate", "evaluation", "event", "every", "exclude",
  "expect", "fails", "failures", "fairness", "fires", "first_model", "fixed", "for", "freeze", "fresh", "from",
  "gains", "gate", "given", "grace", "groups", "guardrail", "have", "higher", "hold", "holdout", "image", "import",
  "in", "inconclusive", "intended_use", "interval", "is", "keep", "key", "label", "labelled", "language", "last",
  "latest", "least", "limit", "lower", "matches", "matures", "metric", "mirror", "missing", "model", "must",
  "negatives", "not", "not_measured", "notify", "observe", "of", "on", "one", "only", "opens", "optional", "or",
  "out_of_scope", "over", "override", "owner", "pairs", "passes", "per", "policy", "pool", "positives", "predictions",
  "proceed", "prometheus", "promotion", "queue", "range", "reference", "refuse", "registry", "relative", "replace",
  "requests", "require", "requirement", "reset", "resources", "retry", "review_by", "rises", "risk", "rollback",
  "rollout", "rows", "run", "runs", "scenario", "schedule", "secret", "serving", "settle", "skip", "source", "spot",
  "stage", "template", "than", "then", "time", "timeout", "times", "traffic", "train", "training", "trigger", "type",
  "under", "use", "using", "validate", "warn", "watch", "when", "within", "workers", "worse",
] as const;

export type Keyword = (typeof keywords)[number];

/**
 * Words that cannot begin an operand, so that a missing value is reported where it is missing. They can when `.` or `(`
 * follows or inside parentheses; the lexer then hands them out as plain names.
 */
// biome-ignore format: see above
export const wordsThatBeginNoOperand: ReadonlySet<Keyword> = new Set<Keyword>([
  "for", "any", "all", "at", "relative",
  "require", "advisory", "warn", "on", "use", "observe", "schedule", "data", "drift", "decay", "event", "check", "settle",
  "grace", "cooldown", "budget", "breaker", "queue", "stage", "approval", "rollback", "given", "expect",
]);

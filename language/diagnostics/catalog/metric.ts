import { error, warning } from "./entry.ts";

/** Where the numbers of a declared metric come from. */
export const metric = {
  "metric/not-a-query": error(
    (p: { why: string }) => `this is no query of Prometheus: ${p.why}`,
    () =>
      "Prometheus would refuse it at the first look of a rollout, and the stage would end without an answer. Correct it, and try it there with a version and `5m` in the places of `$version` and `$window`.",
  ),
  "metric/same-for-every-version": warning(
    (p: { metric: string }) => `the query of \`${p.metric}\` does not name the version`,
    () =>
      'Every version of the model has the same number then. Select one by a label, for example `{model_version="$version"}`.',
  ),
  "metric/window-of-its-own": warning(
    (p: { metric: string }) => `the query of \`${p.metric}\` does not look back over \`[$window]\``,
    () =>
      "`$window` is the time since the stage has reached its share. Another length counts requests from before that, or leaves some out. Write `[$window]` in every range.",
  ),
  "metric/over-is-a-ratio": error(
    (p: { metric: string; written: string }) =>
      `\`${p.metric}\` divides one count by another, which is a ratio and not a ${p.written}`,
    () => "`over` is for the share of requests that something happened to. Write `type ratio`.",
  ),
  "metric/rate-for-count": error(
    (p: { metric: string; written: string }) =>
      `\`${p.written}\` of \`${p.metric}\` is events a second, and \`over\` divides counts`,
    () =>
      "How sure a ratio is depends on how many requests were counted, and a rate does not say. Write `increase`, which counts them.",
  ),
  "metric/needs-counted-by": error(
    (p: { metric: string }) => `nothing says how many requests \`${p.metric}\` rests on`,
    () =>
      "A single number from Prometheus looks the same after 3 requests and after 3 million. Add `counted by` with a query that counts them.",
  ),
} as const;

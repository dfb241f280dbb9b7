import { error, info, warning } from "./entry.ts";

/** How a new version reaches users, and how it comes back. */
export const rollout = {
  "rollout/no-full-stage": error(
    (p: { share: string }) => `the rollout ends at ${p.share} of the traffic`,
    () =>
      "The last stage gives the new version all requests: that is the promotion. Add `stage full { traffic 100% watch 24h keep champion 72h }`.",
  ),
  "rollout/shares-do-not-rise": error(
    (p: { share: string; before: string }) => `${p.share} of the traffic comes after ${p.before}`,
    () => "Shares rise strictly from stage to stage, so that each step risks more only after the one before went well.",
  ),
  "rollout/shadow-after-live": error(
    (p: { stage: string }) => `stage \`${p.stage}\` mirrors requests after the new version has already answered some`,
    () => "A shadow shows how the version behaves before anybody gets its answers. Move it to the front.",
  ),
  "rollout/stage-without-traffic": error(
    (p: { stage: string }) => `stage \`${p.stage}\` does not say which traffic it gets`,
    () => "Write `mirror 100%` to answer nobody and compare, or `traffic 5%` to answer a part of the requests.",
  ),
  "rollout/stage-without-time": error(
    (p: { stage: string }) => `stage \`${p.stage}\` does not say how long it takes`,
    () => "Write `for MIN..MAX`, for example `for 2h..12h`: it may not advance before MIN and may not stay after MAX.",
  ),
  "rollout/max-below-min": error(
    (p: { min: string; max: string }) => `the stage must stay for ${p.min} and may not stay longer than ${p.max}`,
    () => "The first length is the shortest stay, the second the longest.",
  ),
  "rollout/only-on-full": error(
    (p: { word: string }) => `\`${p.word}\` belongs to the stage with all traffic`,
    () => "Watching and keeping the old champion begin with the promotion, which is the stage with `traffic 100%`.",
  ),
  "rollout/keep-below-watch": error(
    (p: { keep: string; watch: string }) =>
      `the old champion is kept for ${p.keep} and the new one watched for ${p.watch}`,
    () => "While it is watched there must be something to go back to. Keep the champion at least as long as the watch.",
  ),
  "rollout/keep-over-schedule": warning(
    (p: { keep: string; interval: string }) =>
      `the old champion is kept for ${p.keep}, and the schedule fires every ${p.interval}`,
    () => "The next rollout ends the keeping early, and with it the way back to the older version.",
  ),
  "rollout/stage-after-full": error(
    (p: { stage: string }) => `\`${p.stage}\` comes after the stage with all traffic`,
    () => "Nothing is left to decide there. Move it before the promotion.",
  ),
  "rollout/rollback-too-late": error(
    (p: { needs: string; keep: string }) =>
      `its labels are known after ${p.needs}, and the champion is kept for ${p.keep}`,
    () =>
      "When the condition can be judged there is nothing left to go back to. Keep the champion longer, or judge something that is known earlier.",
  ),
  "rollout/rollback-after-watch": info(
    (p: { needs: string; watch: string }) =>
      `its labels are known after ${p.needs}, and the watch ends after ${p.watch}`,
    () => "The monitor judges it later, until the champion is no longer kept.",
  ),
  "rollout/not-observable-live": error(
    (p: { measure: string; maturity: string; max: string }) =>
      `\`${p.measure}\` needs labels, which are final after ${p.maturity}, and the stage ends after ${p.max}`,
    () =>
      "The stage could never decide. Judge it in a gate, or in `rollback when` with a champion that is kept long enough.",
  ),
  "rollout/no-labels": error(
    (p: { measure: string }) => `\`${p.measure}\` needs labels, and no dataset has a label with a holdout`,
    () => "Add `label COLUMN matures after 3d` and a `holdout` to the dataset.",
  ),
  "rollout/cannot-conclude": error(
    (p: { what: string; needed: string; available: string; sum: string; why: string }) =>
      `${p.what} needs ${p.needed} and can expect at most ${p.available}`,
    (p) => `${p.why} Expected are ${p.sum}. Give the stage a larger share or a longer MAX, or ask for less.`,
  ),
  "rollout/count-unknown": warning(
    (p: { what: string; needed: string; why: string }) => `${p.what} needs ${p.needed}`,
    (p) =>
      `${p.why} Whether the stage can collect that is not known. Say in \`model\` how many requests come, for example \`expect 60 requests per 1s\`.`,
  ),
  "rollout/wrong-noun": error(
    (p: { written: string; right: string; kind: string }) =>
      `a stage that ${p.kind} counts ${p.right}, not ${p.written}`,
  ),
  "rollout/check-too-slow": error(
    (p: { check: string; max: string }) => `it looks every ${p.check} and ends after ${p.max}`,
    () => "The stage would end before it has looked once. Check more often.",
  ),
  "rollout/batch-share": error(
    (p: { share: string }) => `serving \`batch\` has no part of the traffic: ${p.share}`,
    () => "A batch is scored by one version. Its stages are a shadow (`mirror`) and the one with `traffic 100%`.",
  ),
  "rollout/no-way-back": warning(
    (p: { policy: string }) => `\`${p.policy}\` is never rolled back by itself`,
    () =>
      "Add `rollback when challenger.error_rate > 1%` or a condition on a metric, so that a bad version does not wait for a person.",
  ),
} as const;

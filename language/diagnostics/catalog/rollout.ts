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
    () =>
      "Shares rise strictly from stage to stage, so that each step risks more only after the one before went well. Order the stages by their shares.",
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
    () => "The first length is the shortest stay, the second the longest. Write the shorter one first.",
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
    () =>
      "The next rollout ends the keeping early, and with it the way back to the older version. Keep it for less time, or schedule less often.",
  ),
  "rollout/stage-after-full": error(
    (p: { stage: string }) => `\`${p.stage}\` comes after the stage with all traffic`,
    () => "Nothing is left to decide there. Move it before the promotion.",
  ),
  "rollout/rollback-too-late": error(
    (p: { needs: string; keep: string }) =>
      `this condition is known after ${p.needs}, and the champion is kept for ${p.keep}`,
    () =>
      "Its labels are final only then, and there is nothing left to go back to. Keep the champion longer, or judge something that is known earlier.",
  ),
  "rollout/rollback-after-watch": info(
    (p: { needs: string; watch: string }) =>
      `this condition is known after ${p.needs}, and the watch ends after ${p.watch}`,
    () =>
      "Its labels are final only then. The monitor judges it later, until the champion is no longer kept; a longer watch covers it.",
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
    (p: { what: string; needed: string; available: string }) =>
      `${p.what} needs ${p.needed} and can expect at most ${p.available}`,
    (p: { what: string; needed: string; available: string; sum: string; why: string; ways: readonly string[] }) =>
      `${p.why} Expected are ${p.sum}. ${
        p.ways.length === 0
          ? "Neither a larger share nor a longer stay within 30d is enough: ask for less."
          : `What helps: ${p.ways.join("; or ")}.`
      }`,
  ),
  "rollout/count-unknown": warning(
    (p: { what: string; needed: string; why: string }) => `${p.what} needs ${p.needed}`,
    (p) =>
      `${p.why} Whether the stage can collect that is not known. Say in \`model\` how many requests come, for example \`expect 60 requests per 1s\`.`,
  ),
  "rollout/wrong-noun": error(
    (p: { written: string; right: string; kind: string }) =>
      `a stage that ${p.kind} counts ${p.right}, not ${p.written}`,
    (p) => `Real requests are counted as \`requests\`, mirrored ones as \`pairs\` of answers. Write \`${p.right}\`.`,
  ),
  "rollout/check-too-slow": error(
    (p: { check: string; max: string }) => `the stage looks every ${p.check} and ends after ${p.max}`,
    () => "It would end before it has looked once, without an answer. Check more often.",
  ),
  "rollout/never-reads-challenger": error(
    (p: { what: string }) => `${p.what} never looks at the challenger`,
    () =>
      "A rollout goes forward and comes back because of the new version. A number of the champion, or of the data, says nothing about it: take that of `challenger`.",
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
  "rollout/may-not-conclude": warning(
    (p: { what: string; available: string; needed: string; rate: string }) =>
      `${p.what} is undecided at the end of the stage if ${p.rate} of the requests fail: ${p.available} come, ${p.needed} are needed`,
    (p: { what: string; available: string; needed: string; rate: string; sum: string; table: string }) =>
      `Expected are ${p.sum}. ${p.table} A larger share, a longer MAX or a wider margin makes it safe.`,
  ),
  "rollout/minimum-below-quantile": warning(
    (p: { measure: string; minimum: string; needed: string; of: string }) =>
      `the stage may end after ${p.minimum} ${p.of}, and \`${p.measure}\` is known after ${p.needed}`,
    () =>
      "A bound of a quantile needs enough values beyond it: 59 for 95%, 299 for 99%, 2_995 for 99.9%. Below that the stage has no answer.",
  ),
  "rollout/no-champion-traffic": error(
    (p: { text: string }) => `\`${p.text}\` compares with a champion that answers nothing`,
    () => "At 100% all requests go to the new version. Compare with `baseline`, or with a fixed limit.",
  ),
  "rollout/batch-live-measure": error(
    (p: { measure: string }) => `serving \`batch\` has no \`${p.measure}\`: nobody waits for an answer`,
    () =>
      "Errors and latency belong to requests. A batch is judged by what it wrote: `flip_rate`, `match_coverage`, or metrics once labels are there.",
  ),
  "rollout/shadow-not-whole-days": warning(
    (p: { min: string }) => `the shadow may end after ${p.min}, which is no whole number of days`,
    () =>
      "Requests of the night differ from those of the day. A shadow that ends in between has seen one of them more often, and at less than 24h one of them never.",
  ),
  "rollout/rollback-weaker": warning(
    (p: { rollback: string; requirement: string; measure: string }) =>
      `\`${p.rollback}\` lets pass what \`${p.requirement}\` refuses`,
    (p) =>
      `A version is let in at one limit of \`${p.measure}\` and taken back at a worse one: between the two nothing protects users. Bring the two together, or say why the gate is stricter by a comparison with the champion.`,
  ),
} as const;

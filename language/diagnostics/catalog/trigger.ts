import { error, warning } from "./entry.ts";

/** When to retrain: causes, cadence and what holds a run back. */
export const trigger = {
  "trigger/no-cause": error(
    (p: { policy: string }) => `\`${p.policy}\` never retrains by itself: its trigger has no cause`,
    () => "Add a cause: `schedule`, `data`, `drift`, `decay` or `event`.",
  ),
  "trigger/unknown-zone": error(
    (p: { zone: string; suggestion: string | undefined }) =>
      `there is no time zone \`${p.zone}\`${p.suggestion === undefined ? "" : `, did you mean \`${p.suggestion}\`?`}`,
    () =>
      "A zone is a name of the IANA database, such as `Europe/Berlin` or `UTC`. Abbreviations such as CET do not say when clocks change.",
  ),
  "trigger/bad-cron": error(
    (p: { cron: string; why: string }) => `\`${p.cron}\` is not a schedule: ${p.why}`,
    () =>
      "Five fields: minute, hour, day of the month, month, day of the week. `0 3 * * MON` is every Monday at 03:00.",
  ),
  "trigger/date-never-comes": error(
    (p: { cron: string }) => `\`${p.cron}\` names a day that never comes`,
    () => "No month has that day, so the schedule would never fire. Correct the day or the month.",
  ),
  "trigger/duplicate-cause": warning(
    (p: { text: string }) => `\`${p.text}\` is written twice`,
    () => 'Causes are joined by "or", so the second one adds nothing. Remove it, or write the one that was meant.',
  ),
  "trigger/wrong-family": error(
    (p: { family: string; text: string; right: string }) => `\`${p.text}\` is ${p.right}, not ${p.family}`,
    (p) =>
      p.right === "decay"
        ? "A model that gets worse is `decay`, for example `decay auc drops 3pp below baseline over 7d`."
        : "Data that change are `drift`, for example `drift psi(flights.distance) > 0.1`.",
  ),
  "trigger/drift-without-window": error(
    (p: { drift: string; dataset: string; what: string }) =>
      `${p.drift} cannot be measured: \`${p.dataset}\` has no \`${p.what}\``,
    (p) =>
      p.what === "reference"
        ? 'Drift is the distance from a reference. Add `reference 90d before promotion` or `reference fixed "URI"` to the dataset.'
        : "Drift is measured in the newest rows. Add `current 7d` to the dataset.",
  ),
  "trigger/decay-without-labels": error(
    (p: { text: string }) => `\`${p.text}\` needs labels, and no dataset says when its labels are final`,
    () =>
      "A metric of predictions is known once the truth is. Add `label COLUMN matures after 3d` and a `holdout` to the dataset.",
  ),
  "trigger/labelled-without-label": error(
    (p: { dataset: string }) => `\`${p.dataset}\` has no label, so it never gains labelled rows`,
    () => "Leave out `labelled`, or add `label COLUMN matures after 3d` to the dataset.",
  ),
  "trigger/modifier": error(
    (p: { modifier: string; why: string }) => `\`${p.modifier}\` means nothing here: ${p.why}`,
    (p) => `It would be read by people and by nobody else. Remove \`${p.modifier}\`.`,
  ),
  "trigger/needs-over": error(
    (p: { text: string }) => `\`${p.text}\` does not say over which time`,
    () => "Write `over 7d` after the condition, or give the dataset a `current` window.",
  ),
  "trigger/hysteresis-upside-down": error(
    (p: { fires: string; clears: string; side: string }) =>
      `it fires at ${p.fires} and clears ${p.side} ${p.clears}: the wrong way round`,
    () =>
      "A condition clears at a value that is further from trouble than the one at which it fires, so that it does not flap.",
  ),
  "trigger/streak-is-one-check": warning(
    (p: { checks: number; span: string; window: string; needed: number }) =>
      `${p.checks} checks span ${p.span}, and each looks at nearly the same ${p.window} of data`,
    (p) =>
      `Such a streak repeats one answer. At least ${p.needed} checks are needed to see a tenth of new data, or check less often.`,
  ),
  "trigger/group-count": error(
    (p: { wanted: string; members: number }) => `at least ${p.wanted} of ${p.members} causes cannot be judged`,
    (p) =>
      `The group has ${p.members} ${p.members === 1 ? "cause" : "causes"}. Write a whole number from 1 to ${p.members}.`,
  ),
  "trigger/streak-count": error(
    (p: { hits: number; of: number }) => `${p.hits} of ${p.of} checks can never be reached`,
    (p) =>
      `Of the newest ${p.of} checks at most ${p.of} say yes. Write the smaller number first: \`in ${p.of} of ${p.hits} checks\`.`,
  ),
  "trigger/budget-below-schedule": warning(
    (p: { budget: number; per: string; needed: number }) =>
      `the budget of ${p.budget} runs in ${p.per} is smaller than the schedule alone needs: ${p.needed}`,
    () =>
      "Scheduled runs would be suppressed, and nothing would be left for drift or decay. Raise the budget or schedule less often.",
  ),
  "trigger/cooldown-over-schedule": warning(
    (p: { cooldown: string; interval: string }) =>
      `a cooldown of ${p.cooldown} after promotion skips scheduled runs, which are ${p.interval} apart`,
    () =>
      "Every second run or more would be suppressed after a promotion. Shorten the cooldown or schedule less often.",
  ),
  "trigger/slower-than-schedule": warning(
    (p: { run: string; interval: string }) =>
      `a promoted run takes at least ${p.run}, and the schedule fires every ${p.interval}`,
    () =>
      "Runs wait for the one before, so the schedule cannot be kept. Shorten the stages and the watch, or schedule less often.",
  ),
  "trigger/needs-champion": warning(
    (p: { policy: string }) => `every cause of \`${p.policy}\` needs a champion, so nothing starts the first run`,
    () => "Start the first run by hand with `retrain run`, or add a schedule.",
  ),
  "trigger/nothing-to-drift": error(
    (p: { dataset: string }) => `\`${p.dataset}\` has no column whose drift says anything`,
    () => "Time, key, label and text columns are left out. Declare number, integer, category or boolean columns.",
  ),
  "trigger/gap-between-windows": warning(
    (p: { window: string; check: string; share: string }) =>
      `each check looks at ${p.window} and they are ${p.check} apart: ${p.share} of the time is never looked at`,
    () => "What happens between two windows goes unseen. Check more often, or look over a longer window.",
  ),
  "trigger/budget-below-run": error(
    (p: { budget: string; run: string }) => `one run may take ${p.run} GPU hours, and the budget is ${p.budget}`,
    () =>
      "Counted are the GPUs of `train` and `evaluate` times their timeouts and retries. The budget would suppress every run. Raise it, or shorten the timeouts.",
  ),
  "trigger/budget-without-gpu": warning(
    () => "no step declares a GPU, so this budget limits nothing",
    () => "GPU hours are counted from `resources { gpu 1 }` of `train` and `evaluate`. Declare what they use.",
  ),
  "trigger/fed-by-own-output": error(
    (p: { cause: string; dataset: string; why: string }) =>
      `\`${p.cause}\` is fed by what the policy itself writes: ${p.why}`,
    () =>
      "Each run would write the rows that start the next one, until the budget is used up. Watch data that come from outside.",
  ),
} as const;

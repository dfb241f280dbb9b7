import type { CheckedCause, CheckedSingleCause, CheckedStreak } from "../../language/semantics/checked/trigger.ts";
import { clause, limitWords } from "./conditions.ts";
import { counted, duration, number } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { scheduleWords, zoneWords } from "./schedule-words.ts";

/** A cause as it continues `The model is retrained ...`. */
export function causeWords(cause: CheckedCause, reader: Reader): string {
  if (cause.kind !== "group") return singleWords(cause, reader);
  const count = cause.members.length;
  const head = cause.atLeast === count ? "all of these hold" : `at least ${cause.atLeast} of these ${count} hold`;
  const within = cause.within === undefined ? "" : ` within ${duration(cause.within)}`;
  const members = cause.members.map((member) => singleWords(member, reader).replace(/^when /u, ""));
  const numbered = members.map((member, index) => `(${index + 1}) ${member}`);
  return `when ${head}${within}: ${numbered.join("; ")}`;
}

function singleWords(cause: CheckedSingleCause, reader: Reader): string {
  switch (cause.kind) {
    case "schedule":
      return `${scheduleWords(cause.cron)} ${zoneWords(cause.zone)}`;
    case "event":
      return `when the event \`${cause.event}\` arrives`;
    case "data":
      return cause.labelled
        ? `when ${number(cause.gains)} new rows of \`${cause.dataset}\` have a final label, counted since the last run that trained`
        : `when \`${cause.dataset}\` has gained ${number(cause.gains)} rows, counted since the last run that trained`;
    case "drift": {
      const { test } = cause;
      const again =
        cause.clears === undefined || test.kind !== "threshold"
          ? ""
          : `; this counts as over when it is back ${test.relation === ">" || test.relation === ">=" ? "below" : "above"} ${limitWords(cause.clears, test.measure)}${cause.clearsAfter === undefined ? "" : ` at ${counted(cause.clearsAfter, "check")} in a row`}`;
      return `when ${clause(test, cause.id, reader)}${streakWords(cause.streak)}${again}`;
    }
    case "decay": {
      const over = `over ${duration(cause.over)} of rows with final labels${reader.mark(`${cause.id}.over`)}`;
      return `when ${clause(cause.test, cause.id, reader)}, measured ${over}${streakWords(cause.streak)}`;
    }
  }
}

export function streakWords(streak: CheckedStreak | undefined): string {
  switch (streak?.kind) {
    case undefined:
      return "";
    case "checks":
      return ` at ${counted(streak.count, "check")} in a row`;
    case "duration":
      return ` for ${duration(streak.length)} without a break`;
    case "of":
      return ` at ${streak.count} of the last ${counted(streak.window, "check")}`;
  }
}

import type { Verdict } from "../judge/finding.ts";
import type { Rates } from "../judge/observation.ts";
import { count } from "../judge/quantity.ts";
import type { LedgerRecord } from "../ledger/ledger.ts";
import type { SmokeAnswer } from "../rollout/event.ts";
import type { RolloutRecord } from "../rollout/records.ts";
import type { LookEvidence } from "./look-evidence.ts";
import { entriesOf, type ShownDecision } from "./shown.ts";

/** A record that a rollout wrote. */
type RolloutLedgerRecord = LedgerRecord & { readonly body: RolloutRecord };

export function isRolloutRecord(record: LedgerRecord): record is RolloutLedgerRecord {
  const { body } = record;
  if (typeof body !== "object" || body === null) return false;
  const { rollout, sentence } = body as Partial<RolloutRecord>;
  return (
    typeof sentence === "string" &&
    typeof rollout?.state?.start === "object" &&
    typeof rollout.event === "object" &&
    Array.isArray(rollout.happened)
  );
}

type Kind = RolloutRecord["rollout"]["happened"][number]["kind"];

/** What a page says of a step of a rollout: the weightiest of what happened in it. */
const SAID: readonly (readonly [kind: Kind, verdict: Verdict, word: string, title: string])[] = [
  ["smoke_failed", "fail", "smoke failed", "does not begin: the version fails its smoke requests"],
  ["rolling_back", "fail", "rollback", "is rolled back"],
  ["promoted", "pass", "promoted", "is promoted"],
  ["advanced", "pass", "advance", "passes"],
  ["watch_ended", "pass", "watch over", "has passed its watch"],
  ["cannot_conclude", "inconclusive", "too slow", "will not conclude at this rate"],
  ["held", "inconclusive", "hold", "is held"],
  ["paused", "inconclusive", "paused", "stands still"],
  ["approved", "pass", "approved", "is approved"],
  ["approval_refused", "inconclusive", "not counted", "is not approved by that"],
  ["route_changed_elsewhere", "inconclusive", "route changed", "finds its route changed"],
  ["smoke_passed", "pass", "smoke passed", "may begin: the version answers its smoke requests"],
  ["failed_attempt", "inconclusive", "attempt failed", "could not do what it asked for"],
];

const CONDITION = "takes the version back where it holds";

/** A step of a rollout as a page shows it: what happened, and every rollback condition and requirement that was judged at that look. */
export function shownRollout(record: RolloutLedgerRecord, digest: string): ShownDecision {
  const { rollout, sentence } = record.body;
  const { state, happened, event } = rollout;
  const evidence = (record.body.evidence ?? {}) as Partial<LookEvidence>;
  const stage = happened.find((one) => one.stage !== "")?.stage ?? stageOf(evidence);
  const node = stage === "" ? "rollout" : `stage ${stage}`;
  const said = SAID.find(([kind]) => happened.some((one) => one.kind === kind)) ?? endOf(state);
  const [, verdict, word, title] = said ?? ["", evidence.decision?.verdict ?? "inconclusive", "look", "is looked at"];
  const conditions = (evidence.conditions ?? []).map((finding) => ({ finding, tag: CONDITION }));
  const { rollback, start } = state;
  return {
    record,
    policy: record.chain.slice(record.chain.indexOf("/") + 1),
    digest,
    node,
    verdict,
    word,
    title: `${node} ${title}`,
    sentence,
    consequence: consequence(state, event.kind),
    entries: [...conditions, ...entriesOf(evidence.decision?.findings ?? [])],
    inputs: {
      "version rolled out": start.challenger,
      "champion when it began": start.champion ?? "none: this is the first model",
      ...(rollback === null ? {} : { "goes back to": rollback.to ?? "no model" }),
      "live share asked for": percent(state.route.share),
      ...(event.kind === "look" && event.observedShare !== null
        ? { "live share observed": percent(event.observedShare) }
        : {}),
      ...(state.route.mirror > 0 ? { "share mirrored": percent(state.route.mirror) } : {}),
      ...(evidence.from === undefined ? {} : { "judged from": evidence.from }),
      ...(evidence.to === undefined ? {} : { "judged to": evidence.to }),
      ...ratesOf(evidence.rates),
      ...(evidence.pairs === undefined
        ? {}
        : { "pairs of answers": `${count(evidence.pairs.matched)} of ${count(evidence.pairs.expected)} expected` }),
      ...(event.kind === "done" || event.kind === "failed" ? smokeOf(event.answers ?? []) : {}),
      ...(event.kind === "command" ? { "ordered by": `${event.by} (${event.proof ?? "claimed"})` } : {}),
    },
    runtime: evidence.runtime ?? "",
  };
}

/** The stage that evidence is about, `stage.canary` in its decision. */
function stageOf({ decision }: Partial<LookEvidence>): string {
  return decision?.program.replace(/^stage\./, "") ?? "";
}

/** How a rollout that has ended is titled, where nothing else happened in the step. */
function endOf({ outcome }: RolloutRecord["rollout"]["state"]): (typeof SAID)[number] | undefined {
  if (outcome === null) return undefined;
  const isWell = outcome === "promoted" || outcome === "registered";
  const word = outcome.replaceAll("_", " ");
  return ["ended", isWell ? "pass" : "fail", word, `has ended: ${word}`];
}

function consequence({ phase, rollback, start }: RolloutRecord["rollout"]["state"], event: string): string {
  if (phase !== "rolling_back" || rollback === null || event === "done") return "";
  const to = rollback.to === null ? "no model" : `version ${rollback.to}`;
  const seen = rollback.verify ? " It is over when live traffic is seen to be back." : "";
  return `Version ${start.challenger} is taken out of every route, back to ${to}.${seen}`;
}

function ratesOf(rates: Rates | undefined): Record<string, string> {
  if (rates === undefined) return {};
  const side = ({ events, trials }: Rates["challenger"]) => `${count(events)} errors in ${count(trials)} requests`;
  return { challenger: side(rates.challenger), champion: side(rates.champion) };
}

/** Each smoke request and what came of it. */
function smokeOf(answers: readonly SmokeAnswer[]): Record<string, string> {
  return Object.fromEntries(
    answers.map(({ request, status, milliseconds, error }) => [
      `smoke request ${request}`,
      `${status === null ? "no answer" : `answered ${status}`} after ${milliseconds} ms${error === undefined ? "" : `: ${error}`}`,
    ]),
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

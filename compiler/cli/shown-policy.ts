import { Temporal } from "temporal-polyfill";
import { singleCauses } from "../../language/semantics/blocks/trigger.ts";
import type { CheckedRequirementItem } from "../../language/semantics/checked/condition.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import type { CheckedStage } from "../../language/semantics/checked/rollout.ts";
import { positionAt } from "../../language/text/source.ts";
import { readSchedule } from "../../runtime/triggers/schedule.ts";
import { checkProject, policyFiles } from "../driver/check-project.ts";
import { choosePolicy } from "../driver/compile.ts";
import { Failure } from "../driver/failure.ts";
import { namesFile } from "../driver/project.ts";
import { readPolicy } from "../reading/reading.ts";
import type { Reading } from "../reading/sentence.ts";
import { asSeenFrom, Findings, showFindings } from "./findings.ts";
import { openProject } from "./open-project.ts";
import type { Session } from "./session.ts";

/** A value that the policy does not say. Lengths are milliseconds. */
export interface ShownDefault {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly line: number;
  readonly why: string;
}

/** One scheduled instant. */
export interface ShownTime {
  readonly at: string;
  readonly local: string;
  readonly schedule: string;
}

/** One line of a gate, of `validate`, or of a stage. */
export interface ShownRequirement {
  readonly id: string;
  readonly line: number;
  readonly role: string;
  readonly text: string;
  /** One-sided; absent where the measured number decides. */
  readonly confidence?: number;
  readonly minimum?: string;
}

/** Everything that `retrain show` tells. */
export interface ShownPolicy {
  readonly policy: string;
  readonly file: string;
  readonly reading: Reading;
  readonly defaults: readonly ShownDefault[];
  readonly next: readonly ShownTime[];
  readonly blocks: readonly { readonly name: string; readonly requirements: readonly ShownRequirement[] }[];
  readonly stages: readonly Omit<CheckedStage, "requirements" | "span">[];
}

export interface ShowOptions {
  readonly next: number;
  readonly zone: string | undefined;
  /** Epoch milliseconds from which scheduled times are listed. */
  readonly now: number;
}

/** Checks the policy that is meant and resolves all of it. Shows what stands in the way and rejects with Findings, or with Failure for wrong usage. */
export async function shownPolicy(
  session: Session,
  wanted: string | undefined,
  options: ShowOptions,
): Promise<ShownPolicy> {
  refuseUnknownZone(options.zone);
  const project = await openProject(session, wanted);
  const isPath = wanted !== undefined && namesFile(wanted);
  const checked = checkProject(project, policyFiles(project, session.folder, isPath ? [wanted] : []));
  const policy = choosePolicy(checked.policies, isPath ? undefined : wanted);
  if (policy === undefined || policy.broken) {
    const found = checked.diagnostics.filter((one) => policy === undefined || one.span.path === policy.source.path);
    showFindings(session, project.root, { diagnostics: found, sources: checked.sources });
    if (found.some((one) => one.severity === "error")) throw new Findings();
    throw new Failure("usage", "usage/no-policies", "the files hold no policy", "Name a file with a `policy` in it.");
  }
  const shown = asSeenFrom(session.folder, project.root, { diagnostics: [], sources: checked.sources });
  const names = [...shown.sources.keys()];
  const file = names[[...checked.sources.keys()].indexOf(policy.source.path)] ?? policy.source.path;
  return resolved(policy, file, options);
}

/** What is shown of a checked policy. */
export function resolved(policy: CheckedPolicy, file: string, options: ShowOptions): ShownPolicy {
  const line = (offset: number) => positionAt(policy.source, offset).line;
  const blocks = [...policy.validate, ...policy.gates].map((program) => ({
    name: program.id,
    requirements: requirements(program.requirements, line),
  }));
  const stages = policy.rollout?.stages ?? [];
  const ofStages = stages
    .filter((stage) => stage.requirements.length > 0)
    .map((stage) => ({ name: `stage.${stage.name}`, requirements: requirements(stage.requirements, line) }));
  return {
    policy: policy.name,
    file,
    reading: { ...readPolicy(policy), file },
    defaults: policy.defaults.map(({ path, value, span, why }) => ({ path, value, line: line(span.start), why })),
    next: nextTimes(policy, options),
    blocks: [...blocks, ...ofStages],
    stages: stages.map(({ requirements: _requirements, span: _span, ...stage }) => stage),
  };
}

function requirements(items: readonly CheckedRequirementItem[], line: (offset: number) => number): ShownRequirement[] {
  return items.flatMap((item) =>
    (item.kind === "group" ? item.members : [item]).map((one) => {
      const confidence = "confidence" in one.test ? one.test.confidence : undefined;
      const { minimum } = one;
      return {
        id: one.id,
        line: line(one.span.start),
        role: item.kind === "group" ? `${item.atLeast} of ${item.members.length}` : one.role,
        text: one.text,
        ...(confidence === undefined ? {} : { confidence }),
        ...(minimum === undefined ? {} : { minimum: `${minimum.count} ${minimum.of}` }),
      };
    }),
  );
}

/** The next scheduled instants of all schedules together, earliest first. */
function nextTimes(policy: CheckedPolicy, { next, zone, now }: ShowOptions): ShownTime[] {
  const trigger = policy.body?.trigger;
  const schedules = trigger === undefined ? [] : singleCauses(trigger).filter((cause) => cause.kind === "schedule");
  const times = schedules.flatMap((cause) => {
    const schedule = readSchedule(cause.cron, cause.zone);
    const found: (ShownTime & { readonly instant: number })[] = [];
    let at = schedule.next(now)?.at;
    while (at !== undefined && found.length < next) {
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone ?? cause.zone);
      const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.dayOfWeek - 1] ?? "";
      const written = `${day} ${local.toPlainDate().toString()} ${local.toPlainTime().toString().slice(0, 5)} ${local.timeZoneId}`;
      found.push({
        instant: at,
        at: new Date(at).toISOString(),
        local: written,
        schedule: `"${cause.cron}" in "${cause.zone}"`,
      });
      at = schedule.next(at)?.at;
    }
    return found;
  });
  return times
    .sort((left, right) => left.instant - right.instant)
    .slice(0, next)
    .map(({ instant: _instant, ...time }) => time);
}

function refuseUnknownZone(zone: string | undefined): void {
  if (zone === undefined) return;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw new Failure(
      "usage",
      "usage/unknown-zone",
      `there is no time zone \`${zone}\``,
      "Write an IANA name, such as Europe/Berlin.",
    );
  }
}

import type { CheckedOnInconclusive } from "../../language/semantics/checked/condition.ts";
import type { CheckedRollback, CheckedRollout, CheckedStage } from "../../language/semantics/checked/rollout.ts";
import { streakWords } from "./causes.ts";
import { anyOfThem, clause, holdWords, minimumWords, sayRequirements } from "./conditions.ts";
import { duration, every, percent } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./sentence.ts";

/** The stages by which a version reaches users, and how it comes back. */
export function sayRollout(rollout: CheckedRollout, reader: Reader, writer: Writer): void {
  const [node] = reader.items("Rollout");
  const batch = reader.policy.body?.model.serving.type === "batch";
  rollout.stages.forEach((stage, index) => {
    const first = rollout.stages.length === 1 ? "The only" : index === 0 ? "First" : "Then";
    if (stage.kind === "approval") sayApproval(stage, first, reader, writer);
    else if (stage.kind === "live" && stage.share === 1) sayFull(stage, first, batch, reader, writer);
    else sayStage(stage, first, batch, reader, writer);
  });
  for (const rollback of rollout.rollbackWhen) {
    writer.say(reader.line(rollback.span), rollbackWords(rollback, reader));
  }
  const mark = reader.mark("rollout.onInconclusive.for");
  writer.say(
    reader.at(node, "OnInconclusive"),
    `A stage before promotion that is undecided when its longest time is over ${stageUndecided(rollout.onInconclusive, mark)}.`,
  );
}

function sayApproval(stage: CheckedStage, first: string, reader: Reader, writer: Writer): void {
  const traffic =
    stage.share === 0 ? "No request is answered by the challenger" : `Traffic stays at ${percent(stage.share)}`;
  writer.say(
    reader.line(stage.span),
    `${first} somebody of \`${stage.approvers ?? ""}\` must approve within ${duration(stage.atMost)}. ${traffic} meanwhile. Without an approval in time the stage is undecided.`,
  );
}

function sayStage(stage: CheckedStage, first: string, batch: boolean, reader: Reader, writer: Writer): void {
  const head =
    stage.kind === "shadow"
      ? batch
        ? `${first} stage \`${stage.name}\`: the challenger scores ${percent(stage.share)} of the same batches beside the champion, and nobody uses its answers`
        : `${first} stage \`${stage.name}\`: the challenger gets a copy of ${percent(stage.share)} of requests, and its answers reach nobody`
      : `${first} stage \`${stage.name}\`: the challenger answers ${percent(stage.share)} of requests`;
  const minimum = minimumWords(stage.minimum);
  const enough =
    minimum === "" ? "" : `, and until there are ${minimum}${stage.kind === "shadow" ? " of answers" : " to it"}`;
  const stay =
    stage.atLeast === stage.atMost
      ? `for ${duration(stage.atMost)}`
      : stage.atLeast === 0
        ? `for ${duration(stage.atMost)} at most`
        : `for at least ${duration(stage.atLeast)} and at most ${duration(stage.atMost)}`;
  const look = `It is judged ${every(stage.check)}${reader.mark(`rollout.${stage.name}.check`)}`;
  if (stage.requirements.length === 0) {
    writer.say(reader.line(stage.span), `${head}, ${stay}${enough}. Nothing is required of it but that.`);
  } else {
    writer.say(
      reader.line(stage.span),
      `${head}, ${stay}${enough}. ${look}, and goes on only if ${holdWords(stage.requirements)}:`,
    );
    sayRequirements(stage.requirements, reader, writer);
    writer.say(
      reader.line(stage.span),
      stage.kind === "shadow"
        ? `As soon as ${anyOfThem(stage.requirements)} is clearly missed, the challenger is refused.`
        : `As soon as ${anyOfThem(stage.requirements)} is clearly missed, the champion answers every request again (rollback).`,
    );
  }
  if (stage.onInconclusive !== undefined) {
    writer.say(
      reader.line(stage.span),
      `Undecided when its longest time is over, it ${stageUndecided(stage.onInconclusive, "")}.`,
    );
  }
}

function sayFull(stage: CheckedStage, first: string, batch: boolean, reader: Reader, writer: Writer): void {
  const path = `rollout.${stage.name}`;
  const takes = batch ? "every batch is scored by the challenger" : "the challenger answers every request";
  writer.say(
    reader.line(stage.span),
    `${first} stage \`${stage.name}\`: ${takes}, and with that it is promoted: it is the new champion.`,
  );
  const watch = `It is watched for ${duration(stage.watch ?? 0)}${reader.mark(`${path}.watch`)}`;
  const keep = `the old champion is kept ready for ${duration(stage.keepChampion ?? 0)}${reader.mark(`${path}.keepChampion`)}`;
  writer.say(reader.line(stage.span), `${watch}, and ${keep}.`);
  if (stage.requirements.length > 0) {
    const look = `${every(stage.check)}${reader.mark(`${path}.check`)}`;
    writer.say(
      reader.line(stage.span),
      `While it is watched, it is judged ${look}, and goes back if one of these is clearly missed:`,
    );
    sayRequirements(stage.requirements, reader, writer);
  }
  const { onInconclusive } = stage;
  writer.say(
    reader.line(stage.span),
    onInconclusive === undefined || onInconclusive.action === "proceed"
      ? `If the watch ends undecided, the new version stays, and people are told${onInconclusive === undefined ? " (default)" : ""}.`
      : onInconclusive.action === "block"
        ? "If the watch ends undecided, it goes back."
        : `If the watch ends undecided, it is watched on for ${duration(onInconclusive.for)} and then goes back.`,
  );
}

function rollbackWords(rollback: CheckedRollback, reader: Reader): string {
  const over = rollback.over === undefined ? "" : `, measured over ${duration(rollback.over)}`;
  reader.explain(
    "rollback",
    "the old version answers every request again; afterwards no run starts by itself until the breaker closes",
  );
  return `The old champion comes back as soon as ${clause(rollback.test, rollback.id, reader)}${over}${streakWords(rollback.streak)}; this is looked at from the challenger's first live request until the old champion is no longer kept.`;
}

function stageUndecided(action: CheckedOnInconclusive, mark: string): string {
  switch (action.action) {
    case "block":
      return "ends there: the challenger is taken out of traffic and refused";
    case "proceed":
      return `goes on all the same, because: ${action.because}`;
    case "hold": {
      const end =
        action.then === "block"
          ? "then the challenger is taken out of traffic and refused"
          : "then it goes back to the champion";
      return `keeps its share for another ${duration(action.for)}${mark}, still being judged; ${end}`;
    }
  }
}

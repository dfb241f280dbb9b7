import type { Gate, Requirement, RequirementGroup, Validate } from "../../syntax/tree.ts";
import type { CheckedProgram } from "../checked/condition.ts";
import { findDataset, type Scope } from "../scope.ts";
import type { Site } from "../site.ts";
import { every, isIncomplete, single } from "../statements.ts";
import { refuseContradictions } from "./contradiction.ts";
import { checkGateFeasibility } from "./gate-feasibility.ts";
import { readsChallenger } from "./reads-challenger.ts";
import { checkOnInconclusive, checkRequirements, type ReadRequirement } from "./requirement.ts";

/** A checked block with the lines it was made of. */
export interface ReadProgram {
  readonly program?: CheckedProgram;
  readonly read: readonly ReadRequirement[];
}

/** Checks `validate DATASET { }`: what must hold of the data before anything is trained. */
export function checkValidate(validate: Validate, scope: Scope): ReadProgram {
  const dataset = findDataset(validate.dataset, scope);
  const name = validate.dataset.text;
  if (dataset === undefined) return { read: [] };
  const site: Site = { place: "validate", dataset };
  const nodes = every(validate.statements, "Requirement");
  if (nodes.length === 0 && !isIncomplete(validate.statements)) {
    scope.out.report("policy/empty-block", validate.dataset.span, {
      what: `\`validate ${name}\``,
      needs: "a requirement, for example `require rows >= 50_000`",
    });
  }
  const { items, read } = checkRequirements(nodes, `validate.${name}`, site, scope);
  refuseContradictions(read, scope.out);
  if (items.length === 0) return { read };
  return {
    read,
    program: {
      id: `validate.${name}`,
      name,
      requirements: items,
      onInconclusive: {
        action: scope.out.assume(
          `validate.${name}.onInconclusive`,
          "block" as const,
          validate.dataset.span,
          "without an answer nothing is trained",
        ),
      },
      observeOnly: false,
      span: validate.dataset.span,
    },
  };
}

/** Checks `gate NAME { }`: what must hold of the challenger before it may meet users. */
export function checkGate(gate: Gate, scope: Scope): ReadProgram {
  const { out } = scope;
  const name = gate.name.text;
  const where = `gate \`${name}\``;
  const nodes = gate.statements.filter(
    (statement): statement is Requirement | RequirementGroup =>
      statement.kind === "Requirement" || statement.kind === "RequirementGroup",
  );
  const incomplete = isIncomplete(gate.statements);
  if (nodes.length === 0 && !incomplete) {
    out.report("policy/empty-block", gate.name.span, {
      what: where,
      needs: "a requirement, for example `require challenger.auc >= 0.9 at 95% confidence`",
    });
  }
  const site: Site = { place: "gate", ...(scope.judged === undefined ? {} : { dataset: scope.judged }) };
  const errorsBefore = out.diagnostics.length;
  const { items, read } = checkRequirements(nodes, `gate.${name}`, site, scope);
  const sure = out.diagnostics.length === errorsBefore && !incomplete;
  if (sure && nodes.length > 0) lintGate(gate, read, where, scope);
  refuseContradictions(read, out);
  checkGateFeasibility(read, scope);
  const inconclusive = single(gate.statements, "OnInconclusive", "`on inconclusive`", where, out);
  const observeOnly = single(gate.statements, "ObserveOnly", "`observe only`", where, out) !== undefined;
  const onInconclusive =
    inconclusive === undefined
      ? ({
          action: out.assume(
            `gates.${name}.onInconclusive`,
            "block",
            gate.name.span,
            "a gate without an answer keeps the champion",
          ),
        } as const)
      : checkOnInconclusive(inconclusive, out);
  if (items.length === 0 || onInconclusive === undefined) return { read };
  const action = onInconclusive.action === "block" ? { action: "block" as const } : onInconclusive;
  return {
    read,
    program: {
      id: `gate.${name}`,
      name,
      requirements: items,
      onInconclusive: action,
      observeOnly,
      span: gate.name.span,
    },
  };
}

function lintGate(gate: Gate, read: readonly ReadRequirement[], where: string, scope: Scope): void {
  const { out } = scope;
  const deciding = read.filter(({ checked }) => checked.role === "require");
  if (deciding.length === 0) {
    out.report("policy/empty-block", gate.name.span, {
      what: `${where} decides nothing: it`,
      needs: "at least one `require`",
    });
    return;
  }
  if (!deciding.some(({ checked }) => readsChallenger(checked.test))) {
    out.report("gate/never-reads-challenger", gate.name.span, { gate: where });
    return;
  }
  const sure = deciding.some(({ checked: { test } }) => test.kind !== "schema" && test.confidence !== undefined);
  const judgesModel = deciding.some(({ measured }) => measured?.measure.kind === "prediction");
  if (!sure && judgesModel) out.report("gate/no-confidence", gate.name.span, { gate: where });
  const absolute = deciding.filter(({ checked }) => checked.test.kind === "threshold" || checked.test.kind === "range");
  for (const { checked, measured, node } of deciding) {
    if (checked.test.kind !== "comparison" || checked.test.claim !== "not_worse" || measured === undefined) continue;
    if (checked.forEach !== undefined) continue;
    const floored = absolute.some((other) => other.measured?.name === measured.name);
    if (!floored) out.report("gate/slide", node.condition.span, { measure: measured.text, gate: where });
  }
}

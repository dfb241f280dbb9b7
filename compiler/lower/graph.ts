import type { CheckedBody, CheckedPolicy, CheckedStep } from "../../language/semantics/checked/policy.ts";
import type { Edge, Graph, Node } from "../plan/graph.ts";
import { stageDeadline, stepDeadline, verbTimeout } from "./deadlines.ts";
import type { Places } from "./places.ts";

/** A node with the word on which the run goes on to the next one; any other word ends the run. */
interface Station {
  readonly node: Node;
  readonly word: string;
}

/** What a run does: one straight line, because a run goes on only when everything before it went well. */
export function lowerGraph(policy: CheckedPolicy, body: CheckedBody, places: Places): Graph {
  const line: Station[] = [];
  const place = places(policy.span);
  line.push({ node: { id: "snapshot", kind: "verb", verb: "snapshot", place, timeout: verbTimeout }, word: "ready" });
  for (const program of policy.validate) {
    const node: Node = {
      id: program.id,
      kind: "verb",
      verb: "validate",
      subject: program.name,
      place: places(program.span),
      timeout: verbTimeout,
    };
    line.push({ node, word: "pass" });
  }
  for (const step of [body.train, body.evaluate]) line.push({ node: stepNode(step, places), word: "done" });
  for (const gate of policy.gates) {
    const node: Node = {
      id: gate.id,
      kind: "verb",
      verb: "gate",
      subject: gate.name,
      place: places(gate.span),
      timeout: verbTimeout,
    };
    line.push({ node, word: "pass" });
  }
  line.push({
    node: {
      id: "register",
      kind: "verb",
      verb: "register",
      place: places(body.model.registry.span),
      timeout: verbTimeout,
    },
    word: "done",
  });
  for (const stage of policy.rollout?.stages ?? []) {
    const timeout = policy.rollout === undefined ? 0 : stageDeadline(stage, policy.rollout.onInconclusive);
    const node: Node = {
      id: `stage.${stage.name}`,
      kind: "verb",
      verb: "stage",
      subject: stage.name,
      place: places(stage.span),
      timeout,
    };
    line.push({ node, word: "advance" });
  }
  const edges = line.slice(1).map(({ node }, index): Edge => {
    const before = line[index];
    return { from: before?.node.id ?? "", word: before?.word ?? "", to: node.id };
  });
  return { nodes: line.map(({ node }) => node), edges };
}

function stepNode(step: CheckedStep, places: Places): Node {
  const { name, span, command, env, secrets, resources, retry, ...rest } = step;
  return {
    id: name,
    kind: "step",
    name,
    place: places(span),
    timeout: stepDeadline(step),
    step: {
      ...rest,
      command: [...command],
      env: { ...env },
      secrets: { ...secrets },
      resources: { ...resources },
      retry: { ...retry },
    },
  };
}

import type { Stage, TreeNode } from "../syntax/tree.ts";
import type { Block, PrintText } from "./print-statements.ts";
import * as print from "./print-values.ts";

/** Kinds that hold statements. */
const blockKinds: ReadonlySet<TreeNode["kind"]> = new Set<Block["kind"]>([
  "Policy",
  "Template",
  "Override",
  "Model",
  "Dataset",
  "Columns",
  "Metric",
  "Trigger",
  "CauseGroup",
  "Validate",
  "Step",
  "Gate",
  "RequirementGroup",
  "Rollout",
  "Stage",
  "Notify",
  "Guardrail",
  "Scenario",
]);

export function isBlock(node: TreeNode): node is Block {
  return blockKinds.has(node.kind);
}

/** What stands in a block's braces, the header of a stage aside. */
export function statementsOf(node: Block): readonly TreeNode[] {
  switch (node.kind) {
    case "Policy":
    case "Template":
    case "Override":
      return node.items;
    case "Columns":
      return node.columns;
    case "CauseGroup":
      return node.causes;
    case "RequirementGroup":
      return node.requirements;
    default:
      return node.statements;
  }
}

/** The first line of a block, without its brace. */
export function blockHeader(node: Block, text: PrintText): string {
  switch (node.kind) {
    case "Policy": {
      if (node.from === undefined) return `policy ${node.name.text}`;
      const values = node.from.arguments.map((each) => `${each.name.text}: ${print.value(each.value)}`);
      return `policy ${node.name.text} from ${node.from.template.text}(${values.join(", ")})`;
    }
    case "Template": {
      const parameters = node.parameters.map((each) => {
        const fallback = each.default === undefined ? "" : ` = ${print.value(each.default)}`;
        return `${each.name.text}: ${each.type.text}${fallback}`;
      });
      return `template ${node.name.text}(${parameters.join(", ")})`;
    }
    case "Override":
      return `override because ${text(node.because)}`;
    case "CauseGroup":
      return `${print.quantifier(node.quantifier)}${node.within === undefined ? "" : ` within ${print.amount(node.within)}`}`;
    case "RequirementGroup":
      return print.quantifier(node.quantifier);
    case "Validate":
      return `validate ${node.dataset.text}`;
    case "Step":
      return node.step.text;
    case "Guardrail": {
      const tiers = node.risks.map((risk) => risk.text).join(" or ");
      return `guardrail ${node.name.text}${tiers === "" ? "" : ` applies when risk is ${tiers}`}`;
    }
    case "Scenario":
      return `scenario ${text(node.title)} for ${node.policy.text}`;
    case "Dataset":
    case "Metric":
    case "Gate":
    case "Stage":
      return `${node.kind.toLowerCase()} ${node.name.text}`;
    default:
      return node.kind.toLowerCase();
  }
}

/** Where the last part of a block's header ends that the tree knows; a parenthesis may follow. */
export function headerEnd(node: Block): number {
  switch (node.kind) {
    case "Policy":
      return (node.from ?? node.name).span.end;
    case "Template":
      return (node.parameters.at(-1) ?? node.name).span.end;
    case "Override":
      return node.because.span.end;
    case "CauseGroup":
      return (node.within ?? node.quantifier).span.end;
    case "RequirementGroup":
      return node.quantifier.span.end;
    case "Validate":
      return node.dataset.span.end;
    case "Step":
      return node.step.span.end;
    case "Guardrail":
      return (node.risks.at(-1) ?? node.name).span.end;
    case "Scenario":
      return node.policy.span.end;
    case "Dataset":
    case "Metric":
    case "Gate":
    case "Stage":
      return node.name.span.end;
    default:
      return node.span.start + node.kind.length;
  }
}

/** The header of a stage, which stands on a line of its own, with the place where it ends; nothing when it has none. */
export function stageHeader(node: Stage): { text: string; end: number } | undefined {
  const parts = [
    node.traffic && { text: `${node.traffic.mode.text} ${print.amount(node.traffic.share)}`, node: node.traffic },
    node.stay && { text: `for ${print.range(node.stay)}`, node: node.stay },
    node.atLeast && { text: print.count(node.atLeast), node: node.atLeast },
    node.checkEvery && { text: `check every ${print.amount(node.checkEvery)}`, node: node.checkEvery },
    node.watch && { text: `watch ${print.amount(node.watch)}`, node: node.watch },
    node.keepChampion && { text: `keep champion ${print.amount(node.keepChampion)}`, node: node.keepChampion },
  ].filter((part) => part !== undefined);
  const last = parts.at(-1);
  return last === undefined ? undefined : { text: parts.map((part) => part.text).join(" "), end: last.node.span.end };
}

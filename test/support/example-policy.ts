import { parse } from "../../language/syntax/parse.ts";
import type { Item } from "../../language/syntax/tree.ts";
import { createSource, spanText } from "../../language/text/source.ts";

/** What the examples of the pages leave out: a policy in which everything is in order. */
const base = `policy example {
  owner "team@example.com"
  risk  low
  model {
    registry    local "example"
    serving     local "example"
    first_model absolute_gates_only
    expect      60 requests per 1s
  }
  dataset customers {
    source    parquet "data/customers.parquet"
    time      seen_at
    key       customer_id
    label     left matures after 2d
    reference 60d before promotion
    current   7d
    holdout   14d
    columns {
      age     integer in 18..120
      spend   number in 0..100_000
      country category
      left    boolean
    }
  }
  trigger { schedule "0 3 * * MON" in "Europe/Berlin" }
  train { command ["python", "train.py", "--out", "\${challenger.uri}"] }
  evaluate { command ["python", "evaluate.py", "--out", "\${predictions.uri}"] }
  gate offline { require challenger.auc >= 0.80 at 95% confidence }
  rollout {
    stage shadow { mirror 100% for 24h..48h at least 5_000 pairs }
    stage full { traffic 100% watch 24h keep champion 72h }
    rollback when challenger.error_rate > 2%
  }
}
`;

/** Which part of a policy an item is: an example's part takes the place of the base's. */
function partOf(item: Item): string {
  if (item.kind === "Step") return item.step.text;
  return item.kind === "Prose" ? item.word.text : item.kind;
}

function itemsOf(text: string): { readonly part: string; readonly text: string }[] {
  const source = createSource("example.retrain", text);
  const [policy] = parse(source).file.declarations;
  if (policy?.kind !== "Policy") return [];
  return policy.items.map((item) => ({ part: partOf(item), text: spanText(source, item.span) }));
}

/** A template with the parts of a good policy that it leaves out. */
function wholeTemplates(example: string): string {
  const source = createSource("example.retrain", example);
  let text = example;
  for (const node of parse(source).file.declarations.toReversed()) {
    if (node.kind !== "Template") continue;
    const written = new Set(node.items.map(partOf));
    const kept = itemsOf(base).filter(({ part }) => !written.has(part));
    const end = node.span.end - 1;
    text = `${text.slice(0, end)}${kept.map((item) => item.text).join("\n")}\n${text.slice(end)}`;
  }
  return text;
}

/** The whole policy of an example: a file as it is, or parts of a policy that stand in for those of a good one. */
export function examplePolicy(example: string): string {
  if (/^\s*template\b/u.test(example)) return wholeTemplates(example);
  const imports = /^(?:import "[^"\n]*" \{[^}]*\}\n+)+(?=[a-z])/u.exec(`${example}\n`)?.[0] ?? "";
  const rest = example.slice(imports.length);
  if (imports !== "" && !/^(?:policy|template|guardrail|dataset|metric)\b/u.test(rest))
    return `${imports}${examplePolicy(rest)}`;
  if (/^\s*(?:\/\*|language\b|policy\b|import\b|guardrail\b|scenario\b)/u.test(example)) return example;
  const written = new Set(itemsOf(`policy example {\n${example}\n}\n`).map(({ part }) => part));
  const kept = itemsOf(base).filter(({ part }) => !written.has(part));
  return `policy example {\n${example}\n${kept.map(({ text }) => text).join("\n")}\n}\n`;
}

import { expect, it } from "vitest";
import { conditionText } from "../../../language/format/condition-text.ts";
import { walk } from "../../../language/syntax/child-keys.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource } from "../../../language/text/source.ts";

function textsOf(text: string): string[] {
  const found: string[] = [];
  walk(parse(createSource("p", text)).file, (node) => {
    const speaks = [
      "Condition",
      "Requirement",
      "Schedule",
      "EventCause",
      "DataCause",
      "ConditionCause",
      "RollbackWhen",
    ];
    if (speaks.includes(node.kind)) found.push(conditionText(node as Parameters<typeof conditionText>[0]));
    return undefined;
  });
  return found;
}

it("writes a requirement and its condition on one line", () => {
  expect(
    textsOf(
      "gate g { require for each region :\n a.b  not  worse than c.b by relative 2% at 95% confidence , at least 1_000 rows }",
    ),
  ).toEqual([
    "for each region: a.b not worse than c.b by relative 2% at 95% confidence, at least 1_000 rows",
    "a.b not worse than c.b by relative 2% at 95% confidence",
  ]);
});

it("writes a cause with its word, and a rollback without", () => {
  expect(
    textsOf(
      'policy p { trigger { schedule "0 4 * * *"  in "UTC" drift psi(a.b)>0.1 for 2 checks } rollout { rollback  when x>5%   over 3d } }',
    ),
  ).toEqual([
    'schedule "0 4 * * *" in "UTC"',
    "drift psi(a.b) > 0.1 for 2 checks",
    "psi(a.b) > 0.1",
    "x > 5% over 3d",
    "x > 5%",
  ]);
});

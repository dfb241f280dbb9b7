import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Reading } from "../../compiler/reading/sentence.ts";
import { headerLines } from "../shared/header.ts";
import { inertJson } from "../shared/inert.ts";
import { Lines } from "../shared/lines.ts";
import type { OutputFile } from "../target.ts";
import { addJson, addWrapped } from "./layout.ts";
import { lower } from "./lower.ts";
import { filePath } from "./names.ts";
import { optionsOf } from "./options.ts";
import { OPENING, programOf } from "./program.ts";

/** One Python file: the program that is the same for every policy, and the policy as data in it. Raw text of Python holds inert JSON as it is: there is no quote in it but JSON's own, and no backslash but before a quote, a backslash, a letter or `u`. */
export function emit(plan: PipelinePlan, reading?: () => Reading): readonly OutputFile[] {
  const { document, places } = lower(plan, reading?.());
  const { imports, body, end } = programOf({
    pods: optionsOf(plan).executor === "kubernetes",
    asks: document.retrain.questions !== undefined,
  });
  const lines = new Lines();
  const program = (text: string) => lines.add(text.replace(/\n$/, ""));
  for (const line of headerLines(plan, "airflow")) lines.add(`# ${line}`);
  program(OPENING);
  program(imports);
  lines.add('\nPOLICY = json.loads(\n    r"""');
  addJson(lines, document, places);
  lines.add('"""\n)');
  program(body);
  program(end);
  lines.add('\n# The compiled policy, for the runtime: the tick stores it in the ledger by its digest.\nPLAN = r"""');
  addWrapped(lines, inertJson(plan));
  lines.add('"""');
  return [{ path: filePath(plan.policy.name), text: lines.text(), mapped: lines.mapped }];
}

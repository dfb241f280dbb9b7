import type { Template } from "../../syntax/tree.ts";
import { checkFreeze } from "../blocks/freeze.ts";
import { Collector } from "../collector.ts";
import { checkDatasets, checkMetrics, findJudged } from "../declarations.ts";
import { every, isIncomplete } from "../statements.ts";
import { taskOf } from "../task.ts";
import type { LinkedFile } from "./link.ts";
import { type CheckedTemplate, checkTemplate } from "./template.ts";
import { visibleIn } from "./visible.ts";

/** Checks what a file declares for others. Gates and the statements of templates are checked in the policies that use them. */
export function checkSharedFile(file: LinkedFile): Collector {
  const out = new Collector();
  const visible = visibleIn(file);
  const datasets = checkDatasets(visible.datasets, out);
  const judged = findJudged([...datasets.values()], out);
  const task = taskOf(judged);
  const scope = {
    out,
    datasets,
    metrics: new Map(),
    imported: visible.unresolved,
    ...(judged === undefined ? {} : { judged }),
    ...(task === undefined ? {} : { task }),
    incomplete: isIncomplete(file.parsed.file.declarations) || judged === undefined,
  };
  checkMetrics(visible.metrics, scope);
  for (const freeze of visible.freezes) checkFreeze(freeze, out);
  return out;
}

/** Templates of all files, each checked once. */
export class Templates {
  private readonly checked = new Map<Template, CheckedTemplate>();
  private readonly reported = new Map<string, Collector>();

  /** Checks the templates of a file; what is found is in the collector. */
  of(file: LinkedFile): Collector {
    const { path } = file.parsed.source;
    const known = this.reported.get(path);
    if (known !== undefined) return known;
    const out = new Collector();
    this.reported.set(path, out);
    const names = new Map<string, Template>();
    for (const node of every(file.parsed.file.declarations, "Template")) {
      const name = node.name.text;
      const first = names.get(name);
      if (first !== undefined) {
        out.report(
          "name/duplicate",
          node.name.span,
          { kind: "template", name },
          { labels: [{ span: first.name.span, text: "declared here first" }] },
        );
      }
      names.set(name, first ?? node);
      this.checked.set(node, checkTemplate(node, out));
    }
    return out;
  }

  get(node: Template, home: LinkedFile): CheckedTemplate | undefined {
    this.of(home);
    return this.checked.get(node);
  }
}

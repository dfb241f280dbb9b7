import { createHash } from "node:crypto";
import runtime from "handlebars/runtime.js";
import type { Finding } from "../judge/finding.ts";
import { count } from "../judge/quantity.ts";
import { findingView, VERDICT_SIGNS, VERDICT_WORDS } from "./finding-view.ts";
import type { ShownDecision } from "./shown.ts";
import { decision as compiled, style } from "./templates/templates.gen.ts";

// The package declares no types for its runtime part; it is the same object without the compiler.
const Handlebars = runtime as unknown as Pick<typeof import("handlebars"), "template">;

const template = Handlebars.template<Record<string, unknown>>(compiled as TemplateSpecification);

/** Most bytes that a page may have. */
const MOST_BYTES = 300_000;

/** JSON that means nothing to a page's parser. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The decision's sentence without what the title says already. */
function lead({ node, sentence }: ShownDecision): string {
  const said = [`${node} passes: `, `${node} fails: `].find((text) => sentence.startsWith(text)) ?? "";
  return sentence.slice(said.length);
}

/** How the requirements came out, as counts beside the verdict. */
function counts(findings: readonly Finding[]) {
  const kinds = ["fail", "inconclusive", "pass", "skipped"] as const;
  return kinds.flatMap((verdict) => {
    const number = findings.filter((finding) => finding.verdict === verdict).length;
    return number === 0 ? [] : [{ verdict, number, word: VERDICT_WORDS[verdict], sign: VERDICT_SIGNS[verdict] }];
  });
}

/** How the seeds of resampling follow from what the page shows, so that anybody can repeat them. */
function seeds({ digest, inputs }: ShownDecision): string {
  const rows = inputs["row set"];
  if (digest === "" || rows === undefined) return "";
  return "first 128 bits of SHA-256 over policy digest, requirement, row set and slice, each on a line of its own";
}

function render(shown: ShownDecision, slices: number, embeds: boolean): string {
  const { record, verdict, inputs } = shown;
  return template({
    policy: shown.policy,
    run: record.run ?? "",
    node: shown.node,
    title: shown.title,
    verdict,
    verdictWord: shown.word,
    verdictSign: VERDICT_SIGNS[verdict],
    sentence: lead(shown),
    consequence: shown.consequence,
    counts: counts(shown.entries.map(({ finding }) => finding)),
    style,
    styleHash: createHash("sha256").update(style).digest("base64"),
    rows: shown.entries.map(({ finding, group, tag }) => {
      const view = findingView(finding, group, slices);
      return tag === undefined ? view : { ...view, role: tag };
    }),
    decidedAt: new Date(record.at).toISOString().replace(/\.000Z$/, "Z"),
    inputs: Object.entries(inputs).map(([name, value]) => ({
      name,
      value: typeof value === "number" ? count(value) : value,
    })),
    position: `${record.chain}#${record.sequence}`,
    hash: record.hash,
    previous: record.previous,
    digest: shown.digest,
    runtime: shown.runtime,
    seeds: seeds(shown),
    json: embeds ? inert(record) : "",
  });
}

/** One self-contained page about one decision: no request, no script, the same bytes for the same record, at most 300 KB. What does not fit is left out and said: the record's JSON first, then slices beyond the worst. */
export function decisionPage(shown: ShownDecision): string {
  let page = render(shown, Number.POSITIVE_INFINITY, true);
  for (const slices of [Number.POSITIVE_INFINITY, 20, 5, 0]) {
    if (Buffer.byteLength(page) <= MOST_BYTES) break;
    page = render(shown, slices, false);
  }
  return page;
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { lower } from "../../../../compiler/lower/lower.ts";
import { renderPretty } from "../../../../language/diagnostics/render/pretty.ts";
import type { CheckedPolicy } from "../../../../language/semantics/checked/policy.ts";
import { checkFiles, textsIn } from "../../../support/check-files.ts";
import { localBindings } from "../../../support/local-bindings.ts";

/** A parameter: its type, and how a value of it is written. */
const kinds = {
  // Three quotes in a row cannot be written by hand inside of `"""`.
  text: fc
    .stringMatching(/^[a-z][a-z0-9 ."\\-]{0,12}$/u)
    .filter((text) => !text.includes('""'))
    .map((text) => JSON.stringify(text)),
  ratio: fc.integer({ min: 55, max: 99 }).map((value) => `${value}%`),
  points: fc.integer({ min: 1, max: 90 }).map((value) => `${value / 10}pp`),
  count: fc.integer({ min: 100, max: 900_000 }).map(String),
  duration: fc.integer({ min: 1, max: 48 }).map((value) => `${value}h`),
  size: fc.integer({ min: 1, max: 64 }).map((value) => `${value}Gi`),
  number: fc.integer({ min: 1, max: 99 }).map((value) => `${value / 100}`),
} as const;

const values = fc.record(kinds);
type Values = { readonly [Kind in keyof typeof kinds]: string };

/** What a policy says, with `@KIND` where a value stands and `<KIND>` inside of texts. */
const items = (extra: readonly string[]) => `
  owner "the growth team"
  risk  low
  description "About <text> for <duration>, $\${text} stays"
  model { registry local "example" serving local "example" first_model refuse decides at @ratio expect 60 requests per 1s }
  dataset customers {
    source parquet "data/<count>.parquet" time seen_at key customer_id label left matures after @duration
    holdout 14d training 90d
    columns { spend number in 0..@count left boolean }
  }
  trigger { schedule "0 3 * * MON" in "Europe/Berlin" cooldown @duration after refusal }
  train {
    command ["train", "<text>", "\\"<size>\\"", "\${challenger.uri}", "\${customers.uri} of <text>"]
    env { A = "<number> <points>" B = """
      several <text>
        lines <duration>
    """ }
    resources { memory @size }
    timeout @duration
  }
  evaluate { command ["evaluate", "\${predictions.uri}"] }
  gate offline {
    require challenger.auc >= @ratio at 95% confidence
    require challenger.auc not worse than champion.auc by @points
    require challenger.recall >= @number, at least @count positives
    ${extra.join("\n    ")}
  }
  rollout {
    stage shadow { mirror 100% for 24h..72h at least @count pairs require flip_rate <= @ratio }
    stage full { traffic 100% watch @duration keep champion 72h }
    rollback when challenger.error_rate > @ratio
  }`;

const lines = fc.subarray([
  "require challenger.log_loss <= @number",
  "advisory challenger.auc better than champion.auc by @points",
  "require flip_rate(relative 5%) <= @ratio",
  "any of { require challenger.f1 >= @ratio  require challenger.brier <= @number }",
  "on inconclusive hold @duration then block",
]);

/** Parameters are called by names that are not words of the language. */
const nameOf = (kind: string) => `p_${kind}`;

function asTemplate(extra: readonly string[], given: Values, defaulted: readonly string[]): string {
  const text = items(extra)
    .replaceAll(/@(\w+)/gu, (_, kind: string) => nameOf(kind))
    .replaceAll(/<(\w+)>/gu, (_, kind: string) => `\${${nameOf(kind)}}`);
  const kindsWritten = Object.keys(kinds) as (keyof typeof kinds)[];
  const parameters = kindsWritten.map((kind) => {
    const usual = defaulted.includes(kind) ? ` = ${given[kind]}` : "";
    return `${nameOf(kind)}: ${kind}${usual}`;
  });
  const passed = kindsWritten.filter((kind) => !defaulted.includes(kind));
  const args = passed.map((kind) => `${nameOf(kind)}: ${given[kind]}`);
  return `template standard(${parameters.join(", ")}) {${text}\n}\npolicy example from standard(${args.join(", ")}) { }`;
}

function asWritten(extra: readonly string[], given: Values): string {
  const inText = (kind: keyof typeof kinds) => (kind === "text" ? (JSON.parse(given.text) as string) : given[kind]);
  // Inside of `"""` nothing is escaped, between `"` quotes and backslashes are.
  const triple = /"""[\s\S]*?"""/gu;
  const fill = (text: string, quoted: boolean) =>
    text.replaceAll(/<(\w+)>/gu, (_, kind: keyof typeof kinds) => {
      const written = inText(kind);
      return quoted ? JSON.stringify(written).slice(1, -1) : written;
    });
  const parts = items(extra).replaceAll(/@(\w+)/gu, (_, kind: keyof typeof kinds) => given[kind]);
  let text = "";
  let end = 0;
  for (const match of parts.matchAll(triple)) {
    text += fill(parts.slice(end, match.index), true) + fill(match[0], false);
    end = match.index + match[0].length;
  }
  return `policy example {${text}${fill(parts.slice(end), true)}\n}`;
}

/** What a policy means, without where it was written. */
function meaning(policy: CheckedPolicy | undefined): unknown {
  return JSON.parse(
    JSON.stringify(policy, (key, value: unknown) =>
      key === "span" || key === "source" || key === "sources" ? 0 : value,
    ),
  );
}

it("makes of a template and arguments the policy that somebody would have written out", () => {
  fc.assert(
    fc.property(values, lines, fc.subarray(Object.keys(kinds)), (given, extra, defaulted) => {
      const made = checkFiles(new Map([["policy.retrain", asTemplate(extra, given, defaulted)]]));
      const written = checkFiles(new Map([["policy.retrain", asWritten(extra, given)]]));
      expect(made.all.map(({ code, message }) => `${code} ${message}`).sort()).toEqual(
        written.all.map(({ code, message }) => `${code} ${message}`).sort(),
      );
      expect(meaning(made.policies[0])).toEqual(meaning(written.policies[0]));
      const [left, right] = [made.policies[0], written.policies[0]].map((policy) =>
        policy === undefined ? undefined : lower(policy, localBindings("example")).plan,
      );
      expect(left?.policy.digest).toBe(right?.policy.digest);
    }),
    { numRuns: 400 },
  );
});

const corpus = join(import.meta.dirname, "../../../corpus/reuse");
const projects = readdirSync(corpus).map((name) => textsIn(join(corpus, name)));
const wordsOf = (text: string) =>
  text.match(/"""[\s\S]*?"""|"[^"\n]*"|[A-Za-z_]+|\.\.|[><=!]=|[0-9][0-9_]*(?:\.[0-9]+)?[a-z%]*|[^\s]/gu) ?? [];
const pool = projects.flatMap((texts) => [...texts.values()].flatMap(wordsOf));

const classOf = (word: string) =>
  /^[A-Za-z_]/u.test(word) ? "name" : /^[0-9]/u.test(word) ? "quantity" : word.startsWith('"') ? "text" : word;

it("never throws for damaged projects, never plans one with errors, and places everything inside of its files", () => {
  const edit = fc.record({
    at: fc.nat(5_000),
    action: fc.constantFrom("remove", "double", "replace", "replace", "replace"),
    word: fc.nat(pool.length - 1),
  });
  let parsed = 0;
  fc.assert(
    fc.property(
      fc.nat(projects.length - 1),
      fc.nat(9),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      (which, file, edits) => {
        const texts = new Map(projects[which] ?? []);
        const path = [...texts.keys()][file % texts.size] ?? "";
        const words = [...wordsOf(texts.get(path) ?? "")];
        for (const { at, action, word } of edits) {
          const place = at % words.length;
          const old = words[place] ?? "";
          if (action === "remove") words.splice(place, 1);
          else if (action === "double") words.splice(place, 0, old);
          else {
            const same = pool.filter((other) => classOf(other) === classOf(old));
            words[place] = same[word % same.length] ?? old;
          }
        }
        texts.set(path, words.join(" "));
        const { all, policies, sources } = checkFiles(texts);
        if (!all.some(({ code }) => code.startsWith("syntax/"))) parsed += 1;
        for (const { span, labels, fixes } of all) {
          const spans = [
            span,
            ...labels.map((one) => one.span),
            ...fixes.flatMap((fix) => fix.edits.map((one) => one.span)),
          ];
          for (const one of spans) {
            const length = sources.get(one.path)?.text.length ?? -1;
            expect(one.start).toBeGreaterThanOrEqual(0);
            expect(one.end).toBeGreaterThanOrEqual(one.start);
            expect(one.end).toBeLessThanOrEqual(length);
          }
        }
        renderPretty(all, sources);
        for (const policy of policies) {
          const { plan } = lower(policy, localBindings("churn"));
          if (plan !== undefined) {
            const own = all.filter((one) => one.span.path === policy.source.path && one.severity === "error");
            expect(policy.broken, own.map((one) => one.message).join()).toBe(false);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(parsed).toBeGreaterThan(50);
});

import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import { format } from "../../../language/format/format.ts";
import { createSource } from "../../../language/text/source.ts";
import { checkFiles } from "../../support/check-files.ts";
import { checkText } from "../../support/check-text.ts";
import { corpusCases } from "../../support/corpus.ts";
import { localBindings } from "../../support/local-bindings.ts";

/** Names that every object of JavaScript has. */
const members = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype", "__defineGetter__"];

const whole = corpusCases("valid").find(({ name }) => name === "flight_delays")?.text ?? "";

/** What a policy names, by its name in the valid policy, with every place at which it is named. */
const renamed: Readonly<Record<string, (name: string) => string>> = {
  policy: (name) => whole.replace("policy flight_delays", `policy ${name}`),
  dataset: (name) => whole.replaceAll(/\bflights\b(?!\.parquet|")/gu, name),
  column: (name) => whole.replaceAll(/\bdistance\b/gu, name),
  gate: (name) => whole.replaceAll(/\boffline\b/gu, name),
  stage: (name) => whole.replaceAll(/\bcanary\b/gu, name),
  metric: (name) =>
    whole
      .replace(
        /\n {2}trigger \{/u,
        `\n  metric ${name} {\n    type ratio\n    better higher\n    from predictions using auc\n  }$&`,
      )
      .replace("require challenger.auc", `require challenger.${name}`)
      .replace("require  challenger.auc", `require  challenger.${name}`),
};

it.each(Object.keys(renamed))("takes a member of every object for the name of a %s as for any other", (kind) => {
  const make = renamed[kind];
  const shape = (text: string, name: string): string => {
    const { diagnostics, policies } = checkText(text);
    const [policy] = policies;
    const plan = policy && lower(policy, localBindings(policy.body?.model.registry.name ?? "none")).plan;
    const found = diagnostics.map(({ code, message }) => `${code} ${message.replaceAll(name, "NAME")}`);
    // Places move with the length of a name, and digests with everything.
    const content = JSON.stringify(plan, (key, value: unknown) =>
      key === "place" || key === "digest" ? undefined : value,
    );
    return [...found, (content ?? "no plan").replaceAll(name, "NAME")].join("\n");
  };
  const ordinary = make?.("ordinary_name") ?? "";
  expect(ordinary).not.toBe(whole);
  const expected = shape(ordinary, "ordinary_name");
  expect(expected).not.toMatch(/no plan$/);
  for (const name of members) {
    const text = make?.(name) ?? "";
    expect(shape(text, name), name).toBe(expected);
    const formatted = format(createSource("p", text));
    expect(formatted.diagnostics, name).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }
});

it("takes a member of every object for the name of a template, a parameter, an argument and an import", () => {
  for (const name of members) {
    const template = whole
      .replace("policy flight_delays", `template ${name}(${name}: text)`)
      .replace(/owner( +)"[^"]*"/u, `owner$1"\${${name}}"`);
    const policy = `policy p from ${name}(${name}: "team@example.com") {\n}\n`;
    const { all, policies } = checkFiles(new Map([["p.retrain", `${template}\n${policy}`]]));
    expect(
      all.filter(({ severity }) => severity === "error"),
      name,
    ).toEqual([]);
    expect(
      policies.map((each) => each.broken),
      name,
    ).toEqual([false]);
    const shared = checkFiles(
      new Map([
        ["p.retrain", `import "./shared/t.retrain" { ${name} }\n${policy}`],
        ["shared/t.retrain", template.replace("language 1", "")],
      ]),
    );
    expect(
      shared.all.filter(({ severity }) => severity === "error"),
      name,
    ).toEqual([]);
    const unknown = checkFiles(
      new Map([
        ["p.retrain", `language 1\nimport "./shared/t.retrain" { ${name} }\n${whole.replace("language 1", "")}`],
        ["shared/t.retrain", "gate g { require challenger.auc > 0.5 }\n"],
      ]),
    );
    expect(
      unknown.all.map(({ code }) => code),
      name,
    ).toContain("import/unknown-name");
  }
});

it("does not find members of objects where a name was never declared", () => {
  for (const name of members) {
    const codesOf = (text: string): string[] =>
      checkText(text)
        .diagnostics.filter(({ severity }) => severity === "error")
        .map(({ code }) => code);
    expect(codesOf(whole.replace("challenger.auc", `challenger.${name}`)), name).toEqual(
      codesOf(whole.replace("challenger.auc", "challenger.undeclared")),
    );
    expect(codesOf(whole.replace(/psi\(flights\.distance\)/u, `${name}(flights.distance)`)), name).toEqual(
      codesOf(whole.replace(/psi\(flights\.distance\)/u, "undeclared(flights.distance)")),
    );
    for (const [from, to] of [
      ["registry    local", "registry    NAME"],
      ["risk        low", "risk        NAME"],
      ["source    parquet", "source    NAME"],
      ["validate flights", "validate NAME"],
    ] as const) {
      expect(whole, from).toContain(from);
      const found = codesOf(whole.replace(from, to.replace("NAME", name)));
      expect(found.length, `${from} ${name}`).toBeGreaterThan(0);
      expect(found, `${from} ${name}`).toEqual(codesOf(whole.replace(from, to.replace("NAME", "undeclared"))));
    }
  }
});

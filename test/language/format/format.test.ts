import { expect, it } from "vitest";
import { format } from "../../../language/format/format.ts";
import { createSource } from "../../../language/text/source.ts";
import { corpusCases } from "../../support/corpus.ts";

const formatted = (text: string): string => format(createSource("p", text)).text;

it("writes blocks, gaps and blank lines in one way", () => {
  const text =
    'language 1\npolicy p{owner "x"\nrisk   low\n\n\n\nmodel{registry local "m" first_model refuse}gate g{require a>1,at least 5 rows}}';
  expect(formatted(text)).toBe(`language 1

policy p {
  owner "x"
  risk  low

  model {
    registry    local "m"
    first_model refuse
  }

  gate g {
    require a > 1, at least 5 rows
  }
}
`);
});

it("keeps comments at their statements, whichever way they stand", () => {
  const text = `// of the file

gate g { // of the gate
  // before
  require a > 1 // behind
  /* block */ require /* inside */ b > 1 /* one */ // two
  // dangling
}
gate h { /* alone */ }
// last`;
  expect(formatted(text)).toBe(`// of the file

gate g { // of the gate
  // before
  require a > 1 // behind
  /* block */
  /* inside */
  require b > 1 /* one */ // two
  // dangling
}

gate h { /* alone */
}
// last
`);
});

it("aligns neighbours, and starts anew after a blank line or a text over several lines", () => {
  const text = 'metric m { type ratio better lower\n\nrange 0..1 from prometheus """\n x\n""" fresh within 5m }';
  expect(formatted(text)).toBe(`metric m {
  type   ratio
  better lower

  range 0..1
  from  prometheus """
    x
  """
  fresh within 5m
}
`);
});

it("keeps a column that is a little wider when the author aligned all of a group to it", () => {
  const wide = 'policy p {\n  owner   "x"\n  risk    low\n}\n';
  expect(formatted(wide)).toBe(wide);
  expect(formatted(wide.replace("risk    low", "risk   low"))).toBe('policy p {\n  owner "x"\n  risk  low\n}\n');
  expect(formatted(wide.replaceAll("   ", "            "))).toContain('owner "x"');
});

it("writes the header of a stage on one line", () => {
  const text =
    "policy p { rollout { stage s { mirror 100%\nfor 24h..48h\nat least 5 pairs check every 1m watch 1h keep champion 3d use g } } }";
  expect(formatted(text)).toContain(
    "    stage s {\n      mirror 100% for 24h..48h at least 5 pairs check every 1m watch 1h keep champion 3d\n      use g\n    }\n",
  );
});

it("leaves statements that do not parse as they are and formats the rest", () => {
  const text =
    "policy p {\n  risk   low\n  gaet  offline {\n      require  x\n  }\n  gate g { require a>1\n require   b >= \n }\n}\n";
  expect(formatted(text)).toBe(
    "policy p {\n  risk low\n  gaet  offline {\n      require  x\n  }\n\n  gate g {\n    require a > 1\n    require   b >=\n  }\n}\n",
  );
});

it("leaves a block without its brace as it is", () => {
  const text = "gate a { require  x > 1\n\ngate b { require  y>1 }\n";
  expect(formatted(text)).toContain("gate a { require  x > 1");
  expect(formatted(text)).toContain("  require y > 1\n");
});

it("changes nothing in a second run, on valid and on broken files", () => {
  for (const { name, text } of [...corpusCases("valid"), ...corpusCases("syntax")]) {
    const once = formatted(text);
    expect(formatted(once), name).toBe(once);
  }
});

it("writes line breaks as one character and ends a file with one", () => {
  expect(formatted("gate g {\r\n  require a > 1 // x\r\n}\r\n\r\n")).toBe("gate g {\n  require a > 1 // x\n}\n");
  expect(formatted("")).toBe("");
  expect(formatted("gate g {\r  require a > 1 /* x\r\r\n */\r}\r")).toBe("gate g {\n  require a > 1 /* x\n\n */\n}\n");
});

it("keeps an empty line of a text however its line breaks are written", () => {
  const text = 'metric m {\n  from prometheus """\r\r\n    up\n  """\n}\n';
  const { text: once, diagnostics } = format(createSource("p", text));
  expect(diagnostics).toEqual([]);
  expect(once).toBe('metric m {\n  from prometheus """\n\n    up\n  """\n}\n');
  expect(formatted(once)).toBe(once);
});

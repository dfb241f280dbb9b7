import { error, info, warning } from "./entry.ts";
import { oneOf } from "./name.ts";

const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? "" : `, did you mean \`${suggestion}\`?`;

/** What files bring in from other files, and policies that are made from templates. */
export const reuse = {
  "import/not-a-path": error(
    (p: { written: string; why: string }) => `\`${p.written}\` cannot be imported: ${p.why}`,
    () => 'Write a path from this file with `/`, for example `"./shared/slo.retrain"`.',
  ),
  "import/leaves-project": error(
    (p: { written: string; how: string }) => `\`${p.written}\` lies outside of the project${p.how}`,
    () =>
      "A policy may only depend on files that are reviewed and versioned with it. Move the file into the folder of the configuration.",
  ),
  "import/letter-case": error(
    (p: { written: string; real: string }) => `\`${p.written}\` is called \`${p.real}\` on disk`,
    () =>
      "Some machines tell capital letters from small ones and some do not. Write the name as the file has it, so that the policy compiles everywhere.",
  ),
  "import/is-a-folder": error(
    (p: { written: string }) => `\`${p.written}\` is a folder`,
    () => "Name one file in it: what a policy depends on is said file by file.",
  ),
  "import/not-found": error(
    (p: { written: string; path: string; suggestion: string | undefined }) =>
      `there is no file \`${p.path}\`${meant(p.suggestion)}`,
    () => "The path starts from the folder of the file that imports.",
  ),
  "import/unreadable": error(
    (p: { path: string; why: string }) => `\`${p.path}\` cannot be read: ${p.why}`,
    () => "Nothing that comes from this file is known. Correct the file and check again.",
  ),
  "import/too-many": error(
    (p: { limit: number; of: string }) => `more than ${p.limit.toLocaleString("en")} ${p.of}`,
    () =>
      "Nobody can review that many files for one policy. Gather what is shared in a few files; what stands after this place is not read.",
  ),
  "import/cycle": error(
    (p: { cycle: readonly string[] }) =>
      p.cycle.length === 2 ? "this file imports itself" : `these files import each other: ${p.cycle.join(" -> ")}`,
    () => "What a name means must be known before it is used. Move what both need into a file of its own.",
  ),
  "import/unknown-name": error(
    (p: { name: string; path: string; suggestion: string | undefined }) =>
      `\`${p.path}\` declares no \`${p.name}\`${meant(p.suggestion)}`,
    (p: { name: string; path: string; suggestion: string | undefined; known: readonly string[]; from?: string }) =>
      p.from !== undefined
        ? `\`${p.path}\` imports it from \`${p.from}\` itself. Import it from there.`
        : p.known.length === 0
          ? "It declares nothing that can be imported: gates, metrics, datasets and templates can be."
          : `It declares ${oneOf(p.known)}.`,
  ),
  "import/not-importable": error(
    (p: { name: string; kind: string }) => `\`${p.name}\` is a ${p.kind}, and these are not imported`,
    (p: { name: string; kind: string }) =>
      p.kind === "guardrail"
        ? "Guardrails hold for every policy of the repository. List their file under `guardrails` in the configuration."
        : "Gates, metrics, datasets and templates can be imported. To share a policy, make it a template.",
  ),
  "import/unused": warning(
    (p: { name: string }) => `\`${p.name}\` is imported and never used`,
    () => "Take it out of the import, so that a reader does not look for what it does here.",
  ),
  "import/used-nowhere": info(
    (p: { kind: string; name: string }) => `${p.kind} \`${p.name}\` is used by no policy of this check`,
    () =>
      "What it says means something only in a policy, so nothing but its form was checked. Check it together with a policy that uses it.",
  ),
  "template/unknown": error(
    (p: { name: string; suggestion: string | undefined }) => `there is no template \`${p.name}\`${meant(p.suggestion)}`,
    (p: { name: string; suggestion: string | undefined; known: readonly string[] }) =>
      p.known.length === 0
        ? 'This file declares and imports no template. Import one: `import "./FILE.retrain" { NAME }`.'
        : `Declared and imported here: ${oneOf(p.known)}.`,
  ),
  "template/missing-argument": error(
    (p: { template: string; parameter: string }) =>
      `template \`${p.template}\` needs a value for \`${p.parameter}\`, which has no default`,
    (p: { template: string; parameter: string; example: string }) => `Add \`${p.parameter}: ${p.example}\`.`,
  ),
  "template/unknown-argument": error(
    (p: { template: string; name: string; suggestion: string | undefined }) =>
      `template \`${p.template}\` has no parameter \`${p.name}\`${meant(p.suggestion)}`,
    (p: { template: string; name: string; suggestion: string | undefined; known: readonly string[] }) =>
      p.known.length === 0 ? "It has no parameters." : `Its parameters are ${oneOf(p.known)}.`,
  ),
  "template/argument-type": error(
    (p: { parameter: string; type: string; found: string }) =>
      `parameter \`${p.parameter}\` holds ${p.type}, and this is ${p.found}`,
    (p: { parameter: string; type: string; found: string; example: string }) => `Write for example \`${p.example}\`.`,
  ),
  "template/unknown-parameter": error(
    (p: { name: string; template: string; suggestion: string | undefined }) =>
      `template \`${p.template}\` has no parameter \`${p.name}\`${meant(p.suggestion)}`,
    () =>
      "In a text of a template `${name}` is a parameter. A value of the run has a dot, as in `${challenger.uri}`; a literal is written `$${`.",
  ),
  "template/loosens": error(
    (p: { after: string; before: string; how: string }) =>
      `\`${p.after}\` loosens \`${p.before}\`, which the template sets: ${p.how}`,
    () =>
      'What a template sets holds for every policy made from it. Where this policy must differ, say why: `override because "..." { ... }`.',
  ),
  "template/changes": error(
    (p: { after: string; before: string; how: string }) =>
      `\`${p.after}\` takes the place of \`${p.before}\`, which the template sets, and the two cannot be compared: ${p.how}`,
    () =>
      'It cannot be shown that nothing is loosened. If the policy must differ here, say why: `override because "..." { ... }`.',
  ),
  "template/override-not-needed": warning(
    () => "this override loosens nothing",
    () => "What adds or tightens needs no override. Move it out, so that overrides show where policies are weaker.",
  ),
  "template/nothing-to-override": error(
    (p: { why: string }) => `there is nothing to override: ${p.why}`,
    () => "`override` stands in a policy that is made from a template and lets it loosen what the template sets.",
  ),
} as const;

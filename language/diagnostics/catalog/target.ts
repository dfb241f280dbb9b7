import { error, warning } from "./entry.ts";

/** What an engine cannot hold. */
export const target = {
  "target/unsupported": error(
    (p: { target: string; construct: string; how: string }) => `target \`${p.target}\` cannot hold ${p.construct}`,
    (p) =>
      `The language allows it, but on this engine it cannot be done: ${p.how}. Take it out, or compile for another target: \`retrain targets\` lists what each of them holds.`,
  ),
  "target/needs-image": error(
    (p: { target: string; step: string }) =>
      `step \`${p.step}\` has no image, and on \`${p.target}\` each step is a container`,
    () =>
      'Write `image "REGISTRY/NAME@sha256:..."` in the step. Only target `local` runs the programs of its own machine.',
  ),
  "target/needs-runtime-image": error(
    (p: { target: string; environment: string }) =>
      `environment \`${p.environment}\` names no image for the runtime's own steps, and on \`${p.target}\` each step is a container`,
    (p) =>
      `Write \`runtime: { image: "REGISTRY/NAME@sha256:..." }\` under \`environments.${p.environment}\` in retrain.config.yaml.`,
  ),
  "target/needs-shared-disk": error(
    (p: { target: string; environment: string; needed: string }) =>
      `steps of \`${p.target}\` share no disk in environment \`${p.environment}\`: what one step writes the next cannot read`,
    (p) => `Write ${p.needed} under \`environments.${p.environment}\` in retrain.config.yaml.`,
  ),
  "target/plan-too-large": error(
    (p: { target: string; characters: number; limit: number }) =>
      `the compiled policy has ${p.characters} characters, and \`${p.target}\` takes at most ${p.limit}`,
    () => "Say less in this policy: fewer columns, or gates that are policies of their own.",
  ),
  "target/unsafe-text": error(
    (p: { target: string; text: string; where: string }) =>
      `\`${p.target}\` would take \`${p.text}\` in ${p.where} for something of its own`,
    (p) =>
      `There is no way to write \`${p.text}\` so that this engine leaves it alone. Put the text into a file of the image, or build it in the program.`,
  ),
  "target/name-collision": error(
    (p: { target: string; path: string; other: string }) =>
      `on \`${p.target}\` this policy would have the same name as policy \`${p.other}\`: both become ${p.path}`,
    () => "Rename one of them: an engine knows a policy by its name alone.",
  ),
  "target/not-yet-carried-out": warning(
    (p: { construct: string }) => `the runtime of this release cannot carry out ${p.construct} yet`,
    () =>
      "The files are right to review. Do not deploy them yet: this part would wait for an answer that never comes, stop the run, or not happen.",
  ),
} as const;

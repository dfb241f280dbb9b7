import { chmodSync, realpathSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { sourcesOf } from "../../language/diagnostics/render/position.ts";
import { format } from "../../language/format/format.ts";
import { createSource, type Source } from "../../language/text/source.ts";
import { writeWhole } from "../../runtime/files/whole.ts";
import { policyFiles, readPolicy } from "../driver/check-project.ts";
import { Failure } from "../driver/failure.ts";
import type { FormatOptions } from "./commands/fmt.ts";
import { showFindings } from "./findings.ts";
import { openProject } from "./open-project.ts";
import type { Session } from "./session.ts";
import { counted } from "./tally.ts";

/** Formats files in place, or only says what it would do. True when nothing is left to do for a person: everything parses, and under `--check` everything is formatted. */
export async function formatFiles(
  session: Session,
  paths: readonly string[],
  options: FormatOptions,
): Promise<boolean> {
  const project = await openProject(session, paths.length === 1 ? paths[0] : undefined);
  const files = policyFiles(project, session.folder, paths);
  const sources: Source[] = [];
  const diagnostics: Diagnostic[] = [];
  let changed = 0;
  for (const file of files) {
    const source = readPolicy(project.root, file);
    const formatted = format(source);
    sources.push(source);
    diagnostics.push(...formatted.diagnostics);
    if (formatted.text === source.text) continue;
    changed += 1;
    const path = resolve(project.root, file);
    const shown = relative(session.folder, path);
    if (options.diff) session.print(await difference(session, shown, source.text, formatted.text));
    else session.print(shown);
    if (!options.check && !options.diff) await replaceFile(path, formatted.text);
  }
  showFindings(session, project.root, { diagnostics, sources: sourcesOf(sources) });
  const isLook = options.check === true || options.diff === true;
  const all = counted(files.length, "file");
  if (changed === 0) session.say(`${all} formatted already`);
  else session.say(isLook ? `${changed} of ${all} not formatted` : `formatted ${changed} of ${all}`);
  return diagnostics.every((one) => one.severity !== "error") && !(options.check && changed > 0);
}

/** Formats standard input to standard output; under `--check` and `--diff` as for files. */
export async function formatInput(session: Session, options: FormatOptions): Promise<boolean> {
  const name = options.stdinFilename ?? "standard input";
  const source = createSource(name, await readInput(name));
  const { text, diagnostics } = format(source);
  if (options.diff && text !== source.text) session.print(await difference(session, name, source.text, text));
  if (!options.check && !options.diff) process.stdout.write(text);
  showFindings(session, session.folder, { diagnostics, sources: sourcesOf([source]) });
  return diagnostics.every((one) => one.severity !== "error") && !(options.check && text !== source.text);
}

async function readInput(name: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Failure("environment", "file/not-utf-8", `${name} is not UTF-8`, "Save the file as UTF-8.");
  }
}

/** Writes the file that a path leads to, links followed, and keeps its permissions. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const real = realpathSync(path);
  const { mode } = statSync(real);
  await writeWhole(real, text);
  chmodSync(real, mode & 0o777);
}

async function difference(session: Session, name: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import("diff");
  const patch = createTwoFilesPatch(name, name, before, after, undefined, undefined, { context: 3 });
  const lines = patch
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("====="));
  return lines.map((line) => paintLine(session, line)).join("\n");
}

function paintLine({ paint }: Session, line: string): string {
  if (line.startsWith("---") || line.startsWith("+++")) return paint("bold", line);
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : line;
}

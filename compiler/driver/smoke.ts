import { relative, resolve } from "node:path";
import { z } from "zod";
import type { Smoke } from "../plan/bindings.ts";
import type { Environment } from "./config.ts";
import { Failure } from "./failure.ts";
import { readText } from "./project.ts";

/** Most requests of one file, and most bytes of it: they are a part of the compiled plan. */
const MOST_REQUESTS = 100;
const MOST_BYTES = 64 * 1024;

const Request = z.looseObject({
  key: z.union([z.string().min(1).max(500), z.number()], "must be a text of 1 to 500 characters, or a number"),
  features: z.record(z.string(), z.unknown(), "must be an object with the model's inputs by name"),
});

/** Reads the smoke requests that a local server's configuration names. Throws Failure: `usage` for a file that is missing or holds no such requests, `environment` where it cannot be read. */
export function readSmoke(
  root: string,
  smoke: NonNullable<Environment["serving"]["local"]["smoke"]>,
  serving: string,
): Smoke {
  const path = resolve(root, smoke.requests.replaceAll("${serving.name}", serving));
  const file = relative(root, path);
  const text = readFile(path, file);
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw invalid(file, `it has ${bytes} bytes, at most ${MOST_BYTES} are sent`);
  const requests = text.split(/\r?\n/).flatMap((body, index) => {
    if (body.trim() === "") return [];
    const problem = problemOf(body);
    if (problem !== undefined) throw invalid(`${file}:${index + 1}`, problem);
    return [{ line: index + 1, body: body.trim() }];
  });
  if (requests.length === 0) throw invalid(file, "it holds no request");
  if (requests.length > MOST_REQUESTS)
    throw invalid(file, `it holds ${requests.length} requests, at most ${MOST_REQUESTS} are sent`);
  return { file, expect: smoke.expect, timeout: smoke.timeout_seconds * 1_000, requests };
}

function readFile(path: string, file: string): string {
  try {
    return readText(path, file);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "file/not-found") throw error;
    const message = `\`serving.local.smoke.requests\` names \`${file}\`, and there is no such file`;
    const help = "Write it, or correct the path; it starts from the folder of the configuration.";
    throw new Failure("usage", "config/no-file", message, help);
  }
}

/** What keeps a line from being a request, in words; undefined where nothing does. */
function problemOf(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return `the line is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const [issue] = Request.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  return issue.path.length === 0 ? "the line must be a JSON object" : `\`${issue.path.join(".")}\` ${issue.message}`;
}

function invalid(place: string, problem: string): Failure {
  const help = 'A line is what is sent to the model, such as {"key": "smoke-1", "features": {"distance": 800}}.';
  return new Failure("usage", "config/smoke-requests", `${place}: ${problem}`, help);
}

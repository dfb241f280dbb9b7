import { parseArgs } from "node:util";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import { StepEngine } from "../../compiler/plan/engines.ts";
import { Verb } from "../../compiler/plan/graph.ts";
import { exit, StepError } from "./error.ts";

/** What a step is asked, from its command line (compiler/plan/command-line.ts). */
export interface Asked {
  readonly verb: string;
  readonly environment: string;
  readonly policy: string;
  readonly ledger: Bindings["ledger"];
  /** File that receives the step's word. */
  readonly word: string | undefined;
  /** File that is there already and receives word and values together, as the last words of a container. */
  readonly answers: string | undefined;
  /** Files that receive values, by name. */
  readonly values: ReadonlyMap<string, string>;
  readonly run: string;
  readonly node: string;
  readonly engine: StepEngine | undefined;
  /** File of the plan, or its text; only the tick is given one. */
  readonly plan: { readonly file: string } | { readonly json: string } | undefined;
  /** A stage's verb begins its approval and leaves the waiting to the engine. */
  readonly asks: boolean;
  /** What a person answered in the engine, and who the engine says that was. */
  readonly answer: Answer | undefined;
}

/** An answer to an approval that an engine asked for. */
export interface Answer {
  readonly word: (typeof ANSWERS)[number];
  readonly by: string;
}

const ANSWERS = ["approve", "deny", "expired"] as const;

const OPTIONS = {
  environment: { type: "string" },
  policy: { type: "string" },
  ledger: { type: "string" },
  run: { type: "string" },
  node: { type: "string" },
  engine: { type: "string" },
  plan: { type: "string" },
  "plan-json": { type: "string" },
  word: { type: "string" },
  value: { type: "string", multiple: true },
  answers: { type: "string" },
  "engine-ask": { type: "boolean" },
  "engine-answer": { type: "string" },
  "engine-identity": { type: "string" },
} as const;

const VERBS: readonly string[] = ["tick", ...Verb.options, "finish"];

const wrong = (message: string) => new StepError(exit.usage, message);

/** Reads the command line; `url` is the variable RETRAIN_LEDGER_URL. Throws StepError (exit 2) with one sentence. */
export function readArguments(words: readonly string[], url: string | undefined): Asked {
  const { values, positionals } = parse(words);
  const [verb = "", ...more] = positionals;
  if (!VERBS.includes(verb)) throw wrong(`the first argument must be one of ${VERBS.join(", ")}`);
  if (more.length > 0) throw wrong(`unexpected argument \`${more[0]}\``);
  const needed = (name: "environment" | "policy" | "run" | "node"): string => {
    const value = values[name];
    if (value === undefined || value === "") throw wrong(`${verb} needs --${name}`);
    return value;
  };
  const isTick = verb === "tick";
  const plan = values["plan-json"] === undefined ? values.plan : undefined;
  if (isTick && values.plan === undefined && values["plan-json"] === undefined)
    throw wrong("tick needs --plan FILE or --plan-json TEXT");
  return {
    verb,
    environment: needed("environment"),
    policy: needed("policy"),
    ledger: ledgerOf(values.ledger, url),
    word: values.word,
    answers: values.answers,
    values: new Map((values.value ?? []).map(pair)),
    run: isTick ? "" : needed("run"),
    node: isTick || verb === "finish" ? "" : needed("node"),
    engine: isTick ? engineOf(values.engine) : undefined,
    plan: plan === undefined ? textOf(values["plan-json"]) : { file: plan },
    asks: values["engine-ask"] ?? false,
    answer: answerOf(verb, values["engine-answer"], values["engine-identity"]),
  };
}

/** Engines give both always, and empty where nobody was asked. */
function answerOf(verb: string, word: string | undefined, by: string | undefined): Answer | undefined {
  if (word === undefined || word === "") return undefined;
  if (verb !== "stage") throw wrong(`only a stage takes --engine-answer, not ${verb}`);
  const known = ANSWERS.find((one) => one === word);
  if (known === undefined) throw wrong(`--engine-answer must be one of ${ANSWERS.join(", ")}`);
  if (known !== "expired" && (by === undefined || by.trim() === ""))
    throw wrong("--engine-answer needs --engine-identity: who it was that answered");
  return { word: known, by: by ?? "" };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Its messages name the argument; what follows the first sentence is advice about `--`.
    throw wrong(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error));
  }
}

function textOf(json: string | undefined): Asked["plan"] {
  return json === undefined ? undefined : { json };
}

function pair(text: string): [name: string, path: string] {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) throw wrong(`--value must be NAME=PATH, not \`${text}\``);
  return [text.slice(0, at), text.slice(at + 1)];
}

function engineOf(name: string | undefined): StepEngine {
  const engine = StepEngine.safeParse(name);
  if (!engine.success) throw wrong(`tick needs --engine, one of ${StepEngine.options.join(", ")}`);
  return engine.data;
}

function ledgerOf(given: string | undefined, url: string | undefined): Bindings["ledger"] {
  if (given === undefined) {
    if (url === undefined || url === "")
      throw wrong("the ledger is not known: give --ledger sqlite:PATH, or set RETRAIN_LEDGER_URL from its secret");
    return { kind: "postgres", secret: "ledger/url" };
  }
  if (!given.startsWith("sqlite:") || given === "sqlite:")
    throw wrong("--ledger must be sqlite:PATH; the address of a server is a secret and stands in RETRAIN_LEDGER_URL");
  return { kind: "sqlite", path: given.slice("sqlite:".length) };
}

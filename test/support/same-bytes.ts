import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom } from "../fuzz/random.ts";
import { examplePolicy } from "./example-policy.ts";

const command = join(import.meta.dirname, "../../dist/retrain.js");

/** One way in which the same project is compiled. */
export interface Surroundings {
  readonly node: string;
  readonly zone: string;
  readonly locale: string;
  /** Order in which files are made, and keys of the configuration stand: 0 as it comes, else the seed of a shuffle. */
  readonly order: number;
}

const DIGEST = "0123456789abcdef".repeat(4);
const image = `image "registry.example.com/step@sha256:${DIGEST}"`;

/** Names whose order, slugs and digests differ by how letters are compared. */
const NAMES = [
  "iris",
  "II",
  "Zoe",
  "a",
  "ab",
  "a_b",
  "a__b",
  "z9",
  "z10",
  `l${"o".repeat(60)}ng_1`,
  `l${"o".repeat(60)}ng_2`,
];

const policy = (name: string, index: number): string =>
  examplePolicy(`description "Größe, İı, ß, naïve, 日本, 😀 {{x}} $y"
  trigger { schedule "0 3 * * MON" in "Europe/Berlin"  check every ${index + 1}h }
  train { ${image} command ["python", "train.py", "--out", "\${challenger.uri}"] env { B = "ı" A = "${index}" } }
  evaluate { ${image} command ["python", "evaluate.py", "--out", "\${predictions.uri}"] }`).replace(
    "policy example",
    `policy ${name}`,
  );

/** A shuffle that is the same for the same seed; 0 leaves the order. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = randomFrom(seed);
  const left = [...items];
  if (seed === 0) return left;
  return items.flatMap(() => left.splice(random(left.length), 1));
}

/** The configuration with its keys in an order that means nothing. */
function configuration(order: number): string {
  const volume = { claim: "retrain", mount: "/work" };
  const value = {
    policies: ["b/*.retrain", "a/*.retrain"],
    approvers: { leads: { members: ["kim"], not_author: true }, heads: { members: ["noor"] } },
    environments: {
      production: {
        ledger: { postgres: { secret: "retrain/ledger-url" } },
        work: "runs",
        runtime: { image: `registry.example.com/retrain@sha256:${DIGEST}` },
        targets: {
          argo: { namespace: "models", volume },
          kfp: { volume, version: "2.16" },
          airflow: { version: "2.11" },
        },
      },
      staging: { work: "other" },
    },
  };
  const turned = (given: unknown): unknown => {
    if (Array.isArray(given) || typeof given !== "object" || given === null) return given;
    return Object.fromEntries(shuffled(Object.entries(given), order).map(([key, inner]) => [key, turned(inner)]));
  };
  return JSON.stringify({ ...(turned(value) as object), policies: shuffled(value.policies, order) });
}

/** Makes the project anew, compiles it in some surroundings and gives the SHA-256 of every generated file, by path. */
export function compiledBytes({ node, zone, locale, order }: Surroundings): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "retrain-bytes-"));
  try {
    const files = NAMES.map((name, index) => ({
      path: `${index % 2 === 0 ? "a" : "b"}/${index}.retrain`,
      text: policy(name, index),
    }));
    for (const sub of shuffled(["a", "b"], order)) mkdirSync(join(folder, sub));
    for (const { path, text } of shuffled(files, order)) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, "retrain.config.yaml"), configuration(order));
    const environment = { PATH: process.env["PATH"], HOME: folder, TZ: zone, LC_ALL: locale, LANG: locale };
    const words = [
      command,
      "-C",
      folder,
      "-e",
      "production",
      "compile",
      ...(order === 0 ? [] : shuffled(["a/", "b/"], order)),
    ];
    const { status, stderr } = spawnSync(node, words, { encoding: "utf8", env: environment });
    if (status !== 0) throw new Error(`compile ended with ${status}:\n${stderr}`);
    const out = join(folder, "pipelines");
    const paths = readdirSync(out, { recursive: true, encoding: "utf8" }).sort();
    return new Map(
      paths
        .filter((path) => statSync(join(out, path)).isFile())
        .map((path) => [
          path,
          createHash("sha256")
            .update(readFileSync(join(out, path)))
            .digest("hex"),
        ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Paths of files that differ, or are on one side only. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path));
}

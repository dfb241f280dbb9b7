import { pick, type Random, randomFrom } from "../../fuzz/random.ts";
import { damage } from "./damage.ts";

/** A policy that nobody wrote by hand, and the name of its folder. */
export interface Generated {
  readonly name: string;
  readonly text: string;
}

const valid = 60;
const broken = 40;

/** The same hundred policies every time: the first sixty vary everything that may be said, the others have one mistake each. */
export function generatedPolicies(): Generated[] {
  const good = Array.from({ length: valid }, (_, index) => {
    const number = String(index + 1).padStart(2, "0");
    return { name: `valid-${number}`, text: policyText(randomFrom(index + 1), index === 0 ? "__proto__" : `model_${number}`) };
  });
  const bad = Array.from({ length: broken }, (_, index) => {
    const number = String(index + 1).padStart(2, "0");
    const { name, text } = damage(policyText(randomFrom(index + 101), `model_${number}`), index);
    return { name: `broken-${number}-${name}`, text };
  });
  return [...good, ...bad];
}

interface Task {
  readonly label: string;
  readonly type: string;
  readonly metric: string;
  readonly floor: string;
  readonly margin: string;
  readonly decay: string;
  readonly decides: boolean;
}

const tasks: readonly Task[] = [
  { label: "left", type: "boolean", metric: "auc", floor: ">= 0.80", margin: "0.5pp", decay: "auc drops 3pp below baseline", decides: true },
  { label: "fraud", type: "boolean", metric: "recall", floor: ">= 70%", margin: "relative 2%", decay: "auc drops 2pp below baseline", decides: true },
  { label: "price", type: "number", metric: "mae", floor: "<= 4.5", margin: "relative 3%", decay: "mae rises relative 10% above baseline", decides: false },
  { label: "units", type: "integer", metric: "rmse", floor: "<= 12", margin: "0.4", decay: "rmse rises 2 above baseline", decides: false },
  { label: "kind", type: "category", metric: "accuracy", floor: ">= 85%", margin: "1pp", decay: "accuracy drops 4pp below baseline", decides: false },
];

/** As many more policies as are asked for, all of them valid; the same every time. */
export function furtherPolicies(count: number): Generated[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `further_${index + 1}`;
    return { name, text: policyText(randomFrom(index + 1_001), name) };
  });
}

function policyText(random: Random, name: string): string {
  const task = pick(random, tasks);
  const data = pick(random, ["customers", "orders", "readings"]);
  const maybe = (text: string): readonly string[] => (random(2) === 0 ? [] : [text]);
  const share = pick(random, [5, 10, 20]);
  const sections = [
    [
      `description "Made by the generator: ${task.label} of ${data}."`,
      'owner       "team@example.com"',
      `risk        ${pick(random, ["low", "medium"])}`,
      ...maybe("review_by   2030-06-30"),
    ],
    block("model", [
      `registry    local "${name}"`,
      `serving     local "${name}"`,
      `first_model ${pick(random, ["absolute_gates_only", 'approval "owners"', "refuse"])}`,
      ...(task.decides ? maybe("decides at  0.4") : []),
      `expect      ${pick(random, ["60 requests per 1s", "9_000 requests per 1m", "400 requests per 2s"])}`,
    ]),
    block(`dataset ${data}`, [
      `source    ${pick(random, ["parquet", "csv", "jsonl"])} "data/${data}.file"`,
      "time      seen_at",
      `key       ${pick(random, ["row_id", "row_id, seen_at"])}`,
      `label     ${task.label} matures after ${pick(random, ["1h", "1d", "36h"])}`,
      "reference 60d before promotion",
      `current   ${pick(random, ["7d", "14d"])}`,
      `holdout   ${pick(random, ["14d", "last 10%"])}`,
      ...maybe("training  180d"),
      "expect    200_000 rows per 1d",
      block("columns", [
        "row_id    text",
        "seen_at   timestamp",
        `${task.label} ${task.type}`,
        "age       integer in 18..120",
        "spend     number in 0..100_000",
        'country   category one of ["de", "fr", "sg"]',
        ...maybe("note      text optional"),
      ]).join("\n"),
    ]),
    block("trigger", [
      pick(random, [
        'schedule "0 3 * * MON" in "Europe/Berlin"',
        'schedule "30 2 1 * *" in "America/New_York"',
        'schedule "0 4 */3 * *" in "Asia/Singapore"',
      ]),
      ...maybe(`drift psi(${data}.spend) > 0.25 clears below 0.15 for 2 checks`),
      ...maybe(`drift ks(${data}.age) > 0.2 for 3 checks`),
      ...maybe(`data ${data} gains 500_000 labelled rows`),
      ...maybe(`decay ${task.decay} over 7d`),
      ...maybe('event "labels-corrected"'),
      ...maybe(`all of within 6h {\n drift psi(${data}.country) > 0.2\n data ${data} gains 50_000 rows\n}`),
      "check every 1d",
      ...maybe("cooldown 24h after promotion, 6h after failure"),
      ...maybe("budget 30 runs per 30d"),
      ...maybe("breaker opens after 3 failures for 24h"),
      ...maybe("on missing hold, notify after 3 checks"),
    ]),
    block(`validate ${data}`, [
      "require rows >= 10_000",
      ...maybe("require schema matches"),
      ...maybe("require null_rate(spend) <= 2%"),
      ...maybe("warn    freshness <= 2d"),
    ]),
    block("train", [
      ...maybe("timeout 4h"),
      ...maybe("retry 2 times backoff 5m..1h"),
      ...maybe("resources {\n cpu 4\n memory 16Gi\n}"),
      ...maybe('env {\n SEED = "7"\n}'),
      `command ["python", "train.py", "--data", "\${${data}.uri}", "--out", "\${challenger.uri}"]`,
    ]),
    block("evaluate", ['command ["python", "evaluate.py", "--out", "${predictions.uri}"]']),
    block("gate offline", [
      `require challenger.${task.metric} ${task.floor} at 95% confidence`,
      `require challenger.${task.metric} not worse than champion.${task.metric} by ${task.margin} at 95% confidence`,
      ...maybe(`advisory psi(challenger.score, champion.score) <= 0.2`),
      ...maybe("on inconclusive block"),
    ]),
    block("rollout", [
      ...maybe("stage shadow {\n mirror 100% for 24h..48h at least 5_000 pairs\n require match_coverage >= 95%\n}"),
      `stage canary {\n traffic ${share}% for 6h..24h at least 20_000 requests check every 5m\n require challenger.error_rate <= 2%\n}`,
      ...maybe('approval "owners" within 24h'),
      "stage full {\n traffic 100% watch 24h keep champion 72h\n}",
      `rollback when challenger.error_rate > ${pick(random, ["2%", "1.5%", "3%"])}`,
      ...maybe("on inconclusive hold 2h then rollback"),
    ]),
    ...(random(2) === 0 ? [] : [block("notify", ['on promoted, rolled_back webhook "https://hooks.example.com/retrain"'])]),
  ];
  return `language 1\n\npolicy ${name} {\n${sections.map((lines) => lines.join("\n")).join("\n\n")}\n}\n`;
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines, "}"];
}

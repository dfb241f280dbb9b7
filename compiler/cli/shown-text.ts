import { duration } from "../reading/quantities.ts";
import { readingText } from "./reading-text.ts";
import type { ShownPolicy, ShownRequirement } from "./shown-policy.ts";
import type { Paint } from "./terminal.ts";
import { wrapAfter } from "./wrap.ts";

/** What `retrain show` prints: the reading, then everything resolved. */
export function shownText(shown: ShownPolicy, paint: Paint, columns: number): string {
  const width = Math.min(columns, 100);
  const blocks = [
    `${paint("bold", shown.policy)}  ${shown.file}`,
    readingText(shown.reading, paint, columns),
    section("Next scheduled times", nextRows(shown, width), paint),
    section("Gates and stages, with their numbers", gateRows(shown, paint, width), paint),
    section("Stages", stageRows(shown, width), paint),
    section("Defaults: what the policy does not say", defaultRows(shown, width), paint),
  ];
  return blocks.join("\n\n");
}

function section(title: string, rows: readonly string[], paint: Paint): string {
  return [paint("bold", title), ...rows].join("\n");
}

function nextRows({ next }: ShownPolicy, width: number): string[] {
  if (next.length === 0) return ["  none: the policy has no schedule"];
  return next.map(({ at, local }) => wrapAfter(`  ${at.slice(0, 16)}Z  `, 21, local, width));
}

function gateRows({ blocks }: ShownPolicy, paint: Paint, width: number): string[] {
  return blocks.flatMap(({ name, requirements }) => [
    `  ${name}`,
    ...requirements.map((one) => requirementRow(one, paint, width)),
  ]);
}

function requirementRow(
  { line, role, text, confidence, minimum }: ShownRequirement,
  paint: Paint,
  width: number,
): string {
  const level =
    confidence === undefined || text.includes("confidence")
      ? ""
      : ` at ${Number((confidence * 100).toFixed(2))}% confidence`;
  const least = minimum === undefined ? "" : `, at least ${minimum}`;
  return wrapAfter(`${paint("dim", String(line).padStart(6))}  ${role.padEnd(8)}  `, 18, text + level + least, width);
}

function stageRows({ stages }: ShownPolicy, width: number): string[] {
  if (stages.length === 0) return ["  none: the policy has no rollout"];
  return stages.map((stage) => {
    const { name, kind, share, atLeast, atMost, check, minimum, watch, keepChampion, approvers } = stage;
    const parts =
      kind === "approval"
        ? [`approval by ${approvers ?? ""}`, `within ${duration(atMost)}`]
        : [
            `${kind === "shadow" ? "mirrors" : "answers"} ${Number((share * 100).toFixed(4))}%`,
            watch === undefined ? `${duration(atLeast)} to ${duration(atMost)}` : `watched for ${duration(watch)}`,
            ...(minimum === undefined ? [] : [`at least ${minimum.count} ${minimum.of}`]),
            ...(keepChampion === undefined ? [] : [`champion kept for ${duration(keepChampion)}`]),
            `judged every ${duration(check)}`,
          ];
    return wrapAfter(`  ${name.padEnd(14)} `, 17, parts.join(", "), width);
  });
}

/** Paths whose values are lengths of time. */
const LENGTH =
  /(?:check|every|settle|grace|cooldown\.\w+|opensFor|\.for|watch|keepChampion|timeout|retry\.first|retry\.longest|over)$/u;

function defaultRows({ defaults }: ShownPolicy, width: number): string[] {
  if (defaults.length === 0) return ["  none: the policy says everything"];
  const column = Math.min(Math.max(...defaults.map(({ path }) => path.length)) + 2, 40);
  return defaults.map(({ path, value, line, why }) => {
    const written =
      typeof value === "number" && LENGTH.test(path)
        ? duration(value)
        : path.endsWith("confidence")
          ? `${Number(value) * 100}%`
          : String(value);
    return wrapAfter(`  ${path.padEnd(column)} `, column + 3, `${written}: ${why} (line ${line})`, width);
  });
}

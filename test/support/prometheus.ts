interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly series: readonly Series[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

/**
 * Reads the Prometheus text format 0.0.4 strictly: HELP and TYPE once and before the samples of a family, samples of a
 * family together, no series twice, legal escapes only, histogram buckets that grow and end at +Inf = count, end of line at the end.
 */
export function parsePrometheus(text: string): readonly Family[] {
  if (!text.endsWith("\n")) throw new Error("the text does not end with an end of line");
  const families: { name: string; help: string; type: string; series: Series[] }[] = [];
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length; ) {
    const help = /^# HELP (\S+) (.+)$/.exec(lines[at] ?? "");
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(lines[at + 1] ?? "");
    if (help?.[1] === undefined || type?.[1] !== help[1] || !NAME.test(help[1]))
      throw new Error(`no HELP and TYPE at line ${at + 1}: ${lines[at]}`);
    if (families.some((family) => family.name === help[1])) throw new Error(`family ${help[1]} stands twice`);
    const family = {
      name: help[1],
      help: unescaped(help[2] ?? "", false),
      type: type[2] ?? "",
      series: [] as Series[],
    };
    at += 2;
    for (; at < lines.length && !lines[at]?.startsWith("#"); at += 1) family.series.push(parseSample(lines[at] ?? ""));
    check(family);
    families.push(family);
  }
  return families;
}

function check(family: Family): void {
  const names = (SUFFIXES[family.type] ?? []).map((suffix) => `${family.name}${suffix}`);
  const seen = new Set<string>();
  for (const { name, labels } of family.series) {
    if (!names.includes(name)) throw new Error(`${name} does not belong to ${family.name}`);
    const identity = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(identity)) throw new Error(`series ${identity} stands twice`);
    seen.add(identity);
  }
  if (family.type !== "histogram") return;
  const groups = Map.groupBy(family.series, ({ labels: { le: _end, ...rest } }) =>
    JSON.stringify(Object.entries(rest).sort()),
  );
  for (const [labels, group] of groups) {
    const buckets = group.filter(({ name }) => name.endsWith("_bucket"));
    const ends = buckets.map(({ labels }) =>
      labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]),
    );
    const grows = (values: readonly number[], strictly: boolean) =>
      values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0) || (!strictly && value === values[at - 1]));
    const count = group.find(({ name }) => name.endsWith("_count"))?.value;
    if (!grows(ends, true) || ends.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`buckets of ${labels} are out of order`);
    if (
      !grows(
        buckets.map(({ value }) => value),
        false,
      ) ||
      buckets.at(-1)?.value !== count
    )
      throw new Error(`counts of ${labels} do not add up`);
    if (!group.some(({ name }) => name.endsWith("_sum"))) throw new Error(`${labels} has no sum`);
  }
}

function parseSample(line: string): Series {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    for (;;) {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"(,|\})/.exec(rest);
      if (label?.[1] === undefined) throw new Error(`not a label: ${rest}`);
      if (Object.hasOwn(labels, label[1])) throw new Error(`label ${label[1]} stands twice`);
      labels[label[1]] = unescaped(label[2] ?? "", true);
      rest = rest.slice(label[0].length);
      if (label[3] === "}") break;
    }
  }
  const value = /^ (NaN|[+-]Inf|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/.exec(rest)?.[1];
  if (value === undefined) throw new Error(`not a value: ${line}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function unescaped(text: string, quotes: boolean): string {
  return text.replaceAll(/\\(.?)/g, (_all, escaped: string) => {
    if (escaped === "\\") return "\\";
    if (escaped === "n") return "\n";
    if (escaped === '"' && quotes) return '"';
    throw new Error(`illegal escape \\${escaped}`);
  });
}

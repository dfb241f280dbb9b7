/** Upper ends of the latency histogram's buckets, seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

type Labels = Readonly<Record<string, string>>;

/** Something that prints itself in the Prometheus text format, version 0.0.4. */
interface Family {
  readonly name: string;
  print(): string[];
}

/** A sum that only grows, by labels. */
export interface Counter extends Family {
  add(labels: Labels): void;
}

export interface Histogram extends Family {
  /** `seconds` is 0 or more. */
  observe(labels: Labels, seconds: number): void;
}

export function counter(name: string, help: string): Counter {
  const series = new Map<string, number>();
  return {
    name,
    add(labels) {
      const key = printLabels(labels);
      series.set(key, (series.get(key) ?? 0) + 1);
    },
    print: () => [...head(name, help, "counter"), ...[...series].map(([labels, value]) => `${name}${labels} ${value}`)],
  };
}

export function histogram(name: string, help: string): Histogram {
  const series = new Map<string, { readonly labels: Labels; readonly counts: number[]; sum: number; count: number }>();
  return {
    name,
    observe(labels, seconds) {
      const key = printLabels(labels);
      const found = series.get(key) ?? { labels, counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
      series.set(key, found);
      const first = BUCKETS.findIndex((end) => seconds <= end);
      if (first >= 0) found.counts[first] = (found.counts[first] ?? 0) + 1;
      found.sum += seconds;
      found.count += 1;
    },
    print() {
      const lines = head(name, help, "histogram");
      for (const [key, { labels, counts, sum, count }] of series) {
        let cumulated = 0;
        for (const [at, end] of BUCKETS.entries()) {
          cumulated += counts[at] ?? 0;
          lines.push(`${name}_bucket${printLabels({ ...labels, le: String(end) })} ${cumulated}`);
        }
        lines.push(`${name}_bucket${printLabels({ ...labels, le: "+Inf" })} ${count}`);
        lines.push(`${name}_sum${key} ${sum}`, `${name}_count${key} ${count}`);
      }
      return lines;
    },
  };
}

/** A value read when it is printed. */
export function gauge(name: string, help: string, read: () => readonly (readonly [Labels, number])[]): Family {
  return {
    name,
    print: () => [
      ...head(name, help, "gauge"),
      ...read().map(([labels, value]) => `${name}${printLabels(labels)} ${value}`),
    ],
  };
}

/** The text of `/metrics`. */
export function printMetrics(families: readonly Family[]): string {
  return `${families.flatMap((family) => family.print()).join("\n")}\n`;
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${type}`];
}

function printLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

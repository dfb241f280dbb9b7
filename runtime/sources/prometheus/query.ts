import { parser } from "@prometheus-io/lezer-promql";

/** What stands for the variables of a query. */
export interface Parameters {
  /** The registry's version. */
  readonly version: string;
  /** The revision of the model server; the version where the server has none of its own. */
  readonly revision: string;
  /** Milliseconds, at least 1,000. */
  readonly window: number;
}

/** A query that cannot be asked: a fault of the policy that only Prometheus's grammar shows. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

/** Letters that stand for a label's text while a query's shape is looked at. */
const STAND_IN = "version";

/**
 * Writes parameters into a query: versions as the text of a label, the window as a length. The shape of the filled query must be that of the same query
 * with plain words in it, so that no version, whatever its characters, says anything but a label's text. Throws QueryError.
 */
export function fill(query: string, { version, revision, window }: Parameters): string {
  const length = `${Math.max(1, Math.round(window / 1000))}s`;
  const write = (one: string, other: string) =>
    substituted(query, (name, quote) =>
      name === "window" ? length : escaped(name === "version" ? one : other, quote),
    );
  const filled = write(version, revision);
  if (shape(filled) !== shape(write(STAND_IN, STAND_IN)))
    throw new QueryError("a version's name cannot be written into the query");
  return filled;
}

/** Replaces the variables of a query, and tells in which quotes each stands (empty outside of all). */
function substituted(query: string, by: (name: string, quote: string) => string): string {
  let quote = "";
  let written = "";
  for (let index = 0; index < query.length; index += 1) {
    const unit = query[index] ?? "";
    const name = unit === "$" ? /^\$(version|revision|window)\b/.exec(query.slice(index, index + 12))?.[1] : undefined;
    if (name !== undefined) {
      written += by(name, quote);
      index += name.length;
      continue;
    }
    written += unit;
    if (quote === "") {
      if (unit === '"' || unit === "'" || unit === "`") quote = unit;
    } else if (unit === "\\" && quote !== "`") {
      written += query[index + 1] ?? "";
      index += 1;
    } else if (unit === quote) quote = "";
  }
  return written;
}

/** A label's text inside its quotes. A raw text (in grave accents) has no escapes: what would end it makes the shapes differ. */
function escaped(text: string, quote: string): string {
  if (quote === "`") return text;
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', quote === '"' ? '\\"' : '"')
    .replaceAll("'", quote === "'" ? "\\'" : "'");
}

/** The kinds of a query's parts in their order. Throws QueryError where it is no query. */
function shape(query: string): string {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter({ type }) {
      if (type.isError) throw new QueryError("Prometheus's grammar does not take the query");
      names.push(type.name);
    },
  });
  return names.join(" ");
}

/** Every series that a query reads, without its range and offset: what must be fresh. */
export function selectorsOf(query: string): readonly string[] {
  const found = new Set<string>();
  parser.parse(query).iterate({
    enter({ name, from, to }) {
      if (name === "VectorSelector") found.add(query.slice(from, to));
    },
  });
  return [...found];
}

/** The second argument of `histogram_quantile(q, X)`, and whether it counts events a second (`rate`) or events (`increase`). Throws QueryError. */
export function bucketsOf(query: string): { readonly counts: string; readonly perSecond: boolean } {
  const call = parser.parse(query).topNode.getChild("FunctionCall");
  const argument = call?.getChild("FunctionCallBody")?.lastChild;
  let inner: typeof argument = argument;
  while (inner?.name === ")" || inner?.name === ",") inner = inner.prevSibling;
  if (call === null || call === undefined || inner === null || inner === undefined)
    throw new QueryError("the query has no second argument that could hold the buckets");
  const counts = query.slice(inner.from, inner.to);
  const functions = new Set<string>();
  parser.parse(counts).iterate({
    enter({ name }) {
      if (["Rate", "Irate", "Increase", "Delta", "Idelta", "Deriv"].includes(name)) functions.add(name);
    },
  });
  const [only] = functions;
  if (functions.size !== 1 || (only !== "Rate" && only !== "Increase"))
    throw new QueryError("the buckets must be counted by one `increase` or `rate` over `[$window]`");
  return { counts, perSecond: only === "Rate" };
}

/** An element of a document; text directly inside of it, without what its children hold. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What XML 1.0 may hold: no other character, not even as a reference. */
const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Reads an XML document strictly: one root, every tag closed in turn, attributes quoted and unique, only the five named entities,
 * only legal characters. Throws where it is not well-formed. Document types, comments and CDATA are refused: no report of ours
 * has them.
 */
export function readXml(text: string): Element {
  if (illegal.test(text))
    throw new Error(`U+${illegal.exec(text)?.[0]?.codePointAt(0)?.toString(16)} may not stand in XML`);
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${text.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = new RegExp(pattern, "uy");
    found.lastIndex = at;
    const match = found.exec(text);
    if (match === null) return undefined;
    at += match[0].length;
    return match;
  };
  const plain = (raw: string): string =>
    raw.replace(
      /&([^;]*;?)/gu,
      (_, inside: string) => entities[inside.replace(/;$/u, "")] ?? fail(`entity &${inside}`),
    );
  const element = (): Element => {
    const name = take(/<([A-Za-z_][\w.-]*)/)?.[1] ?? fail("no tag");
    const attributes = new Map<string, string>();
    for (let found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/); found !== undefined; ) {
      const [, key = "", value = ""] = found;
      if (attributes.has(key)) fail(`attribute ${key} twice`);
      attributes.set(key, plain(value));
      found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/);
    }
    if (take(/\s*\/>/) !== undefined) return { name, attributes, children: [], text: "" };
    if (take(/\s*>/) === undefined) fail(`tag ${name} has no end`);
    const children: Element[] = [];
    let inside = "";
    for (;;) {
      inside += plain(take(/[^<]*/)?.[0] ?? "");
      if (text.startsWith("</", at)) break;
      children.push(element());
    }
    if (take(/<\/([A-Za-z_][\w.-]*)\s*>/)?.[1] !== name) fail(`tag ${name} is not closed`);
    return { name, attributes, children, text: inside };
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = element();
  take(/\s*/);
  if (at !== text.length) fail("text after the root");
  return root;
}

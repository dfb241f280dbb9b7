/**
 * Canonical JSON (RFC 8785): keys in the order of their UTF-16 code units, numbers and strings as ECMAScript writes them,
 * no white space. Properties that are undefined are left out, as JSON.stringify does. Throws TypeError, with the place,
 * for what JSON cannot hold: numbers that are not finite, lone surrogates, undefined in arrays, functions, class instances.
 */
export function canonicalJson(value: unknown, place = "$"): string {
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${place} is ${value}: JSON holds finite numbers only`);
      return JSON.stringify(value);
    case "string":
      if (!value.isWellFormed()) throw new TypeError(`${place} holds half of a surrogate pair`);
      return JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) {
        return `[${Array.from(value, (item, index) => canonicalJson(item, `${place}[${index}]`)).join(",")}]`;
      }
      return canonicalObject(value, place);
    default:
      throw new TypeError(`${place} is of type ${typeof value}, which JSON cannot hold`);
  }
}

function canonicalObject(value: object, place: string): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${place} is not a plain object`);
  const members: string[] = [];
  // The default order of sort is by UTF-16 code units, which is what RFC 8785 asks for.
  for (const [key, item] of Object.entries(value).sort(([left], [right]) =>
    left < right ? -1 : left > right ? 1 : 0,
  )) {
    if (item === undefined) continue;
    members.push(`${canonicalJson(key, `a key of ${place}`)}:${canonicalJson(item, `${place}.${key}`)}`);
  }
  return `{${members.join(",")}}`;
}

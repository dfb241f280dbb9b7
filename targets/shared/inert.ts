const special = /[{}$<>&'`%#\u007f-\uffff]/g;

/** Value as ASCII JSON in which nothing means anything to a template engine, a shell or a page: `{ } $ < > & ' \` % #` inside of strings and all that is not ASCII are written as `\uXXXX`. Parsing it as JSON gives the value back. `indent` spreads it over lines for a person. */
export function inertJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(/"(?:[^"\\]|\\.)*"/g, inertString);
}

function inertString(text: string): string {
  return text.replace(special, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

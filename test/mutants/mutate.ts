/** One change of a source file by a hundredth. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** `constant 0.5`, `result of psi`. */
  readonly what: string;
  /** The line as it stands, for the list of exemptions. */
  readonly code: string;
  readonly source: string;
}

/** Every number of the code but 0, and the result of every exported function, each made larger by a hundredth. */
export function mutantsOf(file: string, source: string): Mutant[] {
  return [...constants(file, source), ...results(file, source)];
}

function constants(file: string, source: string): Mutant[] {
  const code = blanked(source);
  const found: Mutant[] = [];
  for (const match of code.matchAll(/(?<![\w.$])(\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])/gi)) {
    const text = match[1] as string;
    const value = Number(text.replaceAll("_", ""));
    if (value === 0) continue;
    const before = source.slice(0, match.index);
    found.push({
      file,
      line: before.split("\n").length,
      what: `constant ${text}`,
      code: lineAt(source, match.index),
      source: `${before}(${text} * 1.01)${source.slice(match.index + text.length)}`,
    });
  }
  return found;
}

function results(file: string, source: string): Mutant[] {
  return [...source.matchAll(/^export function (\w+)(?=[(<])/gm)].map((match) => {
    const name = match[1] as string;
    const renamed = source.replace(`export function ${name}`, `function ${name}Exactly`);
    return {
      file,
      line: source.slice(0, match.index).split("\n").length,
      what: `result of ${name}`,
      code: lineAt(source, match.index),
      source: `${renamed}\nexport function ${name}(...given: any[]): any { return (${grow})((${name}Exactly as any)(...given)); }\n`,
    };
  });
}

/** Numbers of a result, also inside of lists and objects; what a function returns is grown when it is called. */
const grow = `function grow(value: any): any {
  if (typeof value === "number") return value * 1.01;
  if (value instanceof Float64Array || value instanceof Uint32Array) return value.map((one: number) => one * 1.01);
  if (Array.isArray(value)) return value.map(grow);
  if (typeof value === "function") return (...given: any[]) => grow(value(...given));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, grow(one)]));
}`;

function lineAt(source: string, index: number): string {
  const start = source.lastIndexOf("\n", index) + 1;
  const end = source.indexOf("\n", index);
  return source.slice(start, end < 0 ? undefined : end).trim();
}

/** The code with comments, texts, imports and types of numbers blanked, at the same places. */
function blanked(source: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
  return source
    .replaceAll(/\/\*[\s\S]*?\*\//g, blank)
    .replaceAll(/\/\/.*$/gm, blank)
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, blank)
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, blank)
    .replaceAll(/: 1 \| (?:-1|2)/g, blank);
}

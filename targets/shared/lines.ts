import type { Place } from "../../compiler/plan/common.ts";

/** From where in a policy a line of a generated file comes. */
export interface MappedLine {
  /** 1-based line of the generated file. */
  readonly line: number;
  readonly place: Place;
}

/** Collects the lines of a generated file, and from where in the policy they come. */
export class Lines {
  readonly #lines: string[] = [];
  readonly #mapped: MappedLine[] = [];

  /** Adds one line or several; `place` is noted for the first of them. */
  add(text: string, place?: Place): void {
    if (place !== undefined) this.#mapped.push({ line: this.#lines.length + 1, place });
    if (text.includes("\n")) this.#lines.push(...text.split("\n"));
    else this.#lines.push(text);
  }

  get mapped(): readonly MappedLine[] {
    return this.#mapped;
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

/** Most columns of a comment; a name that is longer stands alone. */
const WIDTH = 100;

/** A row of an outline: what a task is called and what is to be said of it, in one line where both fit. */
export function outlineRow(depth: number, name: string, about: string): string[] {
  const pad = "  ".repeat(depth);
  const whole = `${pad}${name}  (${about})`;
  return whole.length <= WIDTH ? [whole] : [`${pad}${name}`, `${pad}    (${about})`];
}

/** One sentence of a reading, and the 1-based line of the policy's file that it is about. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
  /** Belongs to the sentence before it: one of its causes or requirements. */
  readonly part: boolean;
}

/** The sentences about one block. */
export interface Chapter {
  readonly title: string;
  readonly line: number;
  readonly sentences: readonly Sentence[];
}

/** A word of the field that the reading uses, and what it means. */
export interface Explanation {
  readonly word: string;
  readonly meaning: string;
}

/** A policy in plain English, in the order of its file. */
export interface Reading {
  readonly policy: string;
  readonly file: string;
  readonly chapters: readonly Chapter[];
  readonly words: readonly Explanation[];
}

/** Collects the sentences of one chapter. */
export class Writer {
  readonly sentences: Sentence[] = [];

  say(line: number, text: string): void {
    this.sentences.push({ line, text, part: false });
  }

  part(line: number, text: string): void {
    this.sentences.push({ line, text, part: true });
  }
}

/** `a, b and c`. */
export function listed(parts: readonly string[], word: "and" | "or" = "and"): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1) ?? ""}`;
}

/** The same text with a capital at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

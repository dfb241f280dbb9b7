import { InvalidArgumentError } from "commander";

/** Reads a whole number of 1 or more. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of 1 or more.");
  return Number(text);
}

/** Reads one of some words. */
export function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`It must be one of: ${words.join(", ")}.`);
    return found;
  };
}

/** Reads an ISO instant (`2001-04-09T09:00:00Z`, or a date, which means 00:00Z) as epoch milliseconds. */
export function instant(text: string): number {
  const value = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value))
    throw new InvalidArgumentError("It must be a date, or an instant such as 2001-04-09T09:00:00Z.");
  return value;
}

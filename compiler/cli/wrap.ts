/** Columns that text is wrapped to where the terminal does not say, and at most. */
const WIDTH = 80;

/** Wraps a sentence to lines of at most 80 columns, each begun with `indent` spaces. A word longer than a line stands alone. */
export function wrap(text: string, indent: number, width = WIDTH): string {
  const space = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (line !== "" && line.length + 1 + word.length > width - indent) {
      lines.push(space + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(space + line);
  return lines.join("\n");
}

/** An instant to the minute, as people write it: `2001-04-09 09:00Z`; with seconds where they are not zero. */
export function instantText(at: number): string {
  const text = new Date(at).toISOString();
  const seconds = text.slice(17, 19) === "00" ? "" : text.slice(16, 19);
  return `${text.slice(0, 10)} ${text.slice(11, 16)}${seconds}Z`;
}

/** Text behind a head that takes `indent` columns (colours not counted), its further lines below itself. */
export function wrapAfter(head: string, indent: number, text: string, width = WIDTH): string {
  return head + wrap(text, indent, width).trimStart();
}

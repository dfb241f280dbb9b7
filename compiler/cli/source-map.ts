import type { MappedLine } from "../../targets/shared/lines.ts";
import type { OutputFile } from "../../targets/target.ts";

/** Name of the source map of a generated file. */
const mapPath = (path: string): string => `${path}.map.json`;

/** Begins every source map. */
export const MAP_SCHEMA = "retrain.map/1";

/** The source map of a generated file: from which lines of a policy its lines come, in the order of its lines, one in each line of the map. Undefined for a file of which that is not known. */
export function sourceMap({ path, mapped }: OutputFile): OutputFile | undefined {
  if (mapped === undefined || mapped.length === 0) return undefined;
  const head = `{\n  "schema": "${MAP_SCHEMA}",\n  "file": ${JSON.stringify(path)},\n  "lines": [\n`;
  const rows = mapped.map((one) => `    ${JSON.stringify(row(one))}`);
  return { path: mapPath(path), text: `${head}${rows.join(",\n")}\n  ]\n}\n` };
}

function row({ line, place }: MappedLine): object {
  return { line, from: place };
}

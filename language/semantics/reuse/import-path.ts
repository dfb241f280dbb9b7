export type ImportPath =
  | { readonly path: string }
  | { readonly refused: "leaves" }
  | { readonly refused: "not-a-path"; readonly why: string };

/** The path from the project's root that an import means, without looking at any disk. `from` is the importing file's own path. */
export function importPath(from: string, written: string): ImportPath {
  const refuse = (why: string): ImportPath => ({ refused: "not-a-path", why });
  if (written.trim() === "") return refuse("the path is empty");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u001f\u007f]/u.test(written)) return refuse("the path has a control character in it");
  if (written.includes("\\")) return refuse("folders are separated by `/`");
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/u.test(written)) return refuse("it is an address or a drive, not a path");
  if (written.startsWith("/") || written.startsWith("~")) return refuse("it is not relative to this file");
  if (!written.endsWith(".retrain")) return refuse("its name does not end in `.retrain`");
  if (from.startsWith("/")) return { refused: "leaves" };
  const parts = from.split("/").slice(0, -1);
  for (const part of written.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return { refused: "leaves" };
  }
  return { path: parts.join("/") };
}

import type { IParserErrorMessageProvider, TokenType } from "chevrotain";

/**
 * Chevrotain's exceptions carry a message and no list of what was expected, so the list travels as the message: token
 * names with commas between them. `syntax-errors.ts` reads it back and writes the text that people see.
 */
export const describeExpectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => "",
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => firstNames(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => firstNames(expectedIterationPaths),
};

function firstNames(paths: readonly (readonly TokenType[])[]): string {
  return [...new Set(paths.map((path) => path[0]?.name ?? ""))].filter((name) => name !== "").join(",");
}

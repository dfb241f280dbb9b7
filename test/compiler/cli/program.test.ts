import type { Command } from "commander";
import { expect, it } from "vitest";
import { makeProgram } from "../../../compiler/cli/program.ts";
import { usesColor } from "../../../compiler/cli/terminal.ts";

function all(parent: Command): readonly Command[] {
  return parent.commands.flatMap((command) => [command, ...all(command)]);
}

function help(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHasColors: () => false });
  command.outputHelp();
  return text;
}

it("the help of every command has two examples, and no line wider than 80 columns", () => {
  const commands = all(makeProgram(() => {}));
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) {
    const text = help(command);
    expect(text.match(/^ {2}\$ retrain /gm)?.length, command.name()).toBe(2);
    const described = text.split("\nExamples:")[0] ?? "";
    expect(
      described.split("\n").filter((line) => line.length > 80),
      command.name(),
    ).toEqual([]);
  }
});

it("colour follows the flag, NO_COLOR, FORCE_COLOR, TERM and the terminal, in this order", () => {
  expect(usesColor("always", { NO_COLOR: "1" }, false)).toBe(true);
  expect(usesColor("never", { FORCE_COLOR: "1" }, true)).toBe(false);
  expect(usesColor("auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(false);
  expect(usesColor("auto", { NO_COLOR: "" }, true)).toBe(true);
  expect(usesColor("auto", { FORCE_COLOR: "1" }, false)).toBe(true);
  expect(usesColor("auto", { FORCE_COLOR: "0" }, true)).toBe(false);
  expect(usesColor("auto", { TERM: "dumb" }, true)).toBe(false);
  expect(usesColor("auto", {}, false)).toBe(false);
});

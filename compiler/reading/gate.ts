import type { CheckedProgram } from "../../language/semantics/checked/condition.ts";
import { anyOfThem, holdWords, sayRequirements, undecidedWords } from "./conditions.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./sentence.ts";

/** What must hold of the data before anything is trained. */
export function sayValidate(program: CheckedProgram, reader: Reader, writer: Writer): void {
  writer.say(
    reader.line(program.span),
    `Before anything is trained, the current window of \`${program.name}\` is examined. Training begins only if ${holdWords(program.requirements)}:`,
  );
  sayRequirements(program.requirements, reader, writer);
  if (program.observeOnly) {
    writer.say(
      reader.line(program.span),
      "THIS STOPS NOTHING: it only observes. What it would have decided is recorded, and training goes on.",
    );
    return;
  }
  const mark = reader.mark(`validate.${program.name}.onInconclusive`);
  writer.say(
    reader.line(program.span),
    `Where this cannot be told, ${undecidedWords(program.onInconclusive, "nothing is trained", mark)}.`,
  );
}

/** What must hold of the challenger before it may meet users. */
export function sayGate(program: CheckedProgram, reader: Reader, writer: Writer): void {
  const node = reader.items("Gate").find((one) => one.name.text === program.name);
  writer.say(
    reader.line(program.span),
    `On the held-out rows, the challenger passes if ${holdWords(program.requirements)}:`,
  );
  sayRequirements(program.requirements, reader, writer);
  if (program.observeOnly) {
    writer.say(
      reader.at(node, "ObserveOnly"),
      "THIS GATE STOPS NOTHING: it only observes. What it would have decided is recorded, and every challenger goes on.",
    );
    return;
  }
  const mark = reader.mark(`gates.${program.name}.onInconclusive`);
  writer.say(
    reader.line(program.span),
    `If ${anyOfThem(program.requirements)} is clearly missed, the challenger is refused and the champion stays.`,
  );
  writer.say(
    reader.at(node, "OnInconclusive"),
    `If the rows cannot tell (too few, or chance could explain it), ${undecidedWords(program.onInconclusive, "the challenger is refused as well and the champion stays", mark)}.`,
  );
}

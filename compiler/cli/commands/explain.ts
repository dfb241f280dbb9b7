import type { LedgerRecord } from "../../../runtime/ledger/ledger.ts";
import { Failure } from "../../driver/failure.ts";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { type Session, sessionOf } from "../session.ts";
import { oneOf } from "../values.ts";

type Format = "text" | "json" | "html";

/** `retrain explain`: the page of a diagnostic's code, or a decision from the ledger. */
export const explain: Register = (program) => {
  program
    .command("explain <subject>")
    .summary("explain a diagnostic or a decision")
    .description(
      "explain a diagnostic's code (unit/bare-percent-margin), or a decision (flight_delays#41, or a record's JSON file)",
    )
    .option("--format <format>", "text, json, or html (decisions only)", oneOf("text", "json", "html"), "text")
    .option("-o, --output <file>", "write to this file instead of stdout")
    .addHelpText(
      "after",
      examples("explain unit/bare-percent-margin", "explain flight_delays#41 --format html -o decision.html"),
    )
    .action(async (subject: string, options: { format: Format; output?: string }, self) => {
      const session = sessionOf(self);
      const text = await explained(session, subject, options.format);
      if (options.output === undefined) {
        session.print(text.replace(/\n$/, ""));
        return;
      }
      const [{ resolve }, { writeWhole }] = await Promise.all([
        import("node:path"),
        import("../../../runtime/files/whole.ts"),
      ]);
      const file = resolve(session.folder, options.output);
      await writeWhole(file, text);
      session.say(`wrote ${file}`);
    });
};

async function explained(session: Session, subject: string, format: Format): Promise<string> {
  const position = /^(.+)#(\d+)$/.exec(subject);
  if (position !== null) {
    const { record, digest } = await recordAt(session, position[1] ?? "", Number(position[2]));
    return recordExplained(session, record, format, digest);
  }
  if (subject.endsWith(".json")) return recordExplained(session, await recordIn(session, subject), format);
  const { diagnosticPage } = await import("../diagnostic-page.ts");
  const page = diagnosticPage(subject);
  if (format === "html") {
    throw new Failure("usage", "usage/format", "a diagnostic's page has no HTML form", "Use --format text or json.");
  }
  return format === "json"
    ? `${JSON.stringify({ schema: "retrain.explain/1", code: subject, page }, null, 2)}\n`
    : page;
}

/** A record, and the digest of the policy that its run follows. */
async function recordAt(
  session: Session,
  policy: string,
  sequence: number,
): Promise<{ readonly record: LedgerRecord; readonly digest: string | undefined }> {
  const { chainNamed, withView } = await import("../environment.ts");
  return withView(session, policy, async (view) => {
    const chain = await chainNamed(view, policy);
    const [record] = await view.ledger.list({ chain, after: sequence - 1, limit: 1 });
    if (record !== undefined && record.sequence === sequence) {
      const { keys } = await import("../../../runtime/engine/run-records.ts");
      const started = record.run === undefined ? undefined : await view.ledger.find(chain, keys.started(record.run));
      return { record, digest: (started?.body as { plan?: string } | undefined)?.plan };
    }
    throw new Failure(
      "usage",
      "usage/no-such-record",
      `${chain} has no record ${sequence}`,
      "`retrain ledger show` lists them.",
    );
  });
}

async function recordIn(session: Session, file: string): Promise<LedgerRecord> {
  const [{ resolve }, { readText }] = await Promise.all([import("node:path"), import("../../driver/project.ts")]);
  let value: unknown;
  try {
    value = JSON.parse(readText(resolve(session.folder, file), file));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("environment", "file/not-json", `${file} is not JSON`, EXPORT);
  }
  if (isRecord(value)) return value;
  throw new Failure("environment", "file/no-record", `${file} holds no record of a ledger`, EXPORT);
}

const EXPORT = "Export one with `retrain explain POLICY#NUMBER --format json`.";

function isRecord(value: unknown): value is LedgerRecord {
  if (typeof value !== "object" || value === null) return false;
  const { chain, sequence, kind, at, body, hash } = value as Partial<LedgerRecord>;
  const isText = [chain, kind, hash].every((one) => typeof one === "string");
  return (
    isText && Number.isSafeInteger(sequence) && Number.isSafeInteger(at) && typeof body === "object" && body !== null
  );
}

async function recordExplained(
  session: Session,
  record: LedgerRecord,
  format: Format,
  digest?: string,
): Promise<string> {
  if (format === "json") return `${JSON.stringify(record, null, 2)}\n`;
  const { shownDecision } = await import("../../../runtime/report/shown-decision.ts");
  const shown = shownDecision(record, digest);
  if (shown !== undefined) {
    if (format === "html") return (await import("../../../runtime/report/decision-page.ts")).decisionPage(shown);
    const { decisionText } = await import("../../../runtime/report/decision-text.ts");
    return decisionText(shown, session.columns, session.paint);
  }
  if (format === "html") {
    throw new Failure(
      "usage",
      "usage/no-decision",
      `record ${record.sequence} (${record.kind.replaceAll("_", " ")}) decides nothing, so it has no page`,
      "`retrain ledger show --kind decision` lists decisions; --format text works for every record.",
    );
  }
  const { recordText } = await import("../record-text.ts");
  return `${recordText(record, session.paint, session.columns)}\n`;
}

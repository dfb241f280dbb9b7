import { examples } from "../examples.ts";
import { exit } from "../exit.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";
import { oneOf, wholeNumber } from "../values.ts";

interface ShowOptions {
  run?: string;
  kind?: string[];
  limit?: number;
  format: "text" | "json";
}

/** `retrain ledger show|verify|export`. */
export const ledger: Register = (program, setExit) => {
  const command = program
    .command("ledger")
    .description("read what was observed, decided and done")
    .addHelpText("after", examples("ledger show flight_delays", "ledger verify"));

  command
    .command("show [policy]")
    .description("list records, oldest first")
    .option("--run <run>", "only the records of one run")
    .option("--kind <kinds...>", "only these kinds: firing, decision, effect, ...")
    .option("--limit <n>", "only the newest n records", wholeNumber)
    .option("--format <format>", "text or json (a record a line)", oneOf("text", "json"), "text")
    .addHelpText("after", examples("ledger show flight_delays", "ledger show --kind decision effect --limit 20"))
    .action(async (policy: string | undefined, options: ShowOptions, self) => {
      const session = sessionOf(self);
      const [{ chainNamed, withView }, { recordText }] = await Promise.all([
        import("../environment.ts"),
        import("../record-text.ts"),
      ]);
      await withView(session, policy, async (view) => {
        const chain = await chainNamed(view, policy);
        const records = await view.ledger.list({
          chain,
          ...(options.run === undefined ? {} : { run: options.run }),
          ...(options.kind === undefined ? {} : { kinds: options.kind as never }),
          ...(options.limit === undefined ? {} : { newest: true, limit: options.limit }),
        });
        const ordered = options.limit === undefined ? records : [...records].reverse();
        for (const record of ordered) {
          session.print(options.format === "json" ? JSON.stringify(record) : recordText(record, session.paint));
        }
        session.say(`${ordered.length} records of ${chain}`);
      });
    });

  command
    .command("verify [policy]")
    .description("recompute the hash of every record; exit code 1 when one does not fit")
    .addHelpText("after", examples("ledger verify", "ledger verify flight_delays"))
    .action(async (policy: string | undefined, _options: unknown, self) => {
      const session = sessionOf(self);
      const { chainNamed, withView } = await import("../environment.ts");
      await withView(session, policy, async (view) => {
        const chain = policy === undefined ? undefined : await chainNamed(view, policy);
        const { records, broken } = await view.ledger.verify(chain);
        if (broken === undefined) {
          session.print(`${records} records verified: every hash fits`);
          return;
        }
        session.print(`${session.paint("red", "broken")} at ${broken.chain}#${broken.sequence}: ${broken.what}`);
        setExit(exit.findings);
      });
    });

  command
    .command("export [policy]")
    .description("write records as lines of canonical JSON, which can be verified without the ledger")
    .addHelpText("after", examples("ledger export flight_delays > ledger.jsonl", "ledger export"))
    .action(async (policy: string | undefined, _options: unknown, self) => {
      const session = sessionOf(self);
      const [{ chainNamed, withView }, { exportRecords }] = await Promise.all([
        import("../environment.ts"),
        import("../../../runtime/ledger/export.ts"),
      ]);
      await withView(session, policy, async (view) => {
        const chain = policy === undefined ? undefined : await chainNamed(view, policy);
        for await (const line of exportRecords(view.ledger, chain)) session.print(line);
      });
    });
};

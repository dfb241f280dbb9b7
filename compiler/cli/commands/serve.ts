import { Failure } from "../../driver/failure.ts";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";
import { version } from "../version.ts";

/** `retrain serve`: the model server of a policy. */
export const serve: Register = (program, setExit) => {
  program
    .command("serve [policy]")
    .summary("serve a policy's model over HTTP")
    .description("serve a policy's model over HTTP at the address of the environment, until SIGTERM or Ctrl-C")
    .addHelpText("after", examples("serve flight_delays", "serve policies/fraud.retrain -e staging"))
    .action(async (policy: string | undefined, _options: unknown, self) => {
      const session = sessionOf(self);
      const [{ resolve }, { openPolicy }, { serve: openServer }, { untilStopped }] = await Promise.all([
        import("node:path"),
        import("../open-policy.ts"),
        import("../../../runtime/server/serve.ts"),
        import("../../../runtime/server/process.ts"),
      ]);
      const { plan, root } = await openPolicy(session, policy);
      const { serving, registry, clock, testing } = plan.bindings;
      if (serving.kind !== "local" || registry.kind !== "local") {
        throw new Failure(
          "usage",
          "usage/not-served-here",
          `environment \`${plan.bindings.environment}\` serves \`${plan.policy.name}\` by ${serving.kind} from a registry of kind ${registry.kind}`,
          "`retrain serve` is the model server of environments with a local registry and a local server.",
        );
      }
      const url = new URL(serving.url);
      const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
      const server = await openServer({
        folder: resolve(root, serving.folder),
        registryFolder: resolve(root, registry.folder),
        host,
        port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
        rehearsal: clock.pace !== "real" || testing,
        decidesAt: plan.model.decidesAt,
        program: version(),
      });
      session.say(`serving ${plan.policy.name} at ${serving.url} (Ctrl-C to stop)`);
      const complain = (line: string) => void process.stderr.write(`${line}\n`);
      setExit(await untilStopped(server, session.say, complain));
    });
};

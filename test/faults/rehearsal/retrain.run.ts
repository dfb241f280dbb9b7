import { main } from "../../../compiler/cli/main.ts";

/** `retrain` in a process of its own, from its sources. */
process.exitCode = await main(process.argv);

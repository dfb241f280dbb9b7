import { construct, places, wholePolicy } from "./construct.ts";

/** When a run starts, and how its pipeline goes on. */
export const triggers = {
  causes: construct("trigger", "causes of a run and their suppression", ({ monitor }) => places(monitor.causes)),
  freeze: construct("trigger", "`freeze`", ({ monitor }) => places(monitor.freezes)),
  oneRun: construct(
    "trigger",
    "one run of a policy at a time",
    wholePolicy(() => true),
  ),
  notify: construct("trigger", "`notify`", ({ notify }) => places(notify)),
} as const;

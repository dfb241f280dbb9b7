import { check } from "./check.ts";
import { config } from "./config.ts";
import { dataset } from "./dataset.ts";
import type { Entry } from "./entry.ts";
import { gate } from "./gate.ts";
import { guardrail } from "./guardrail.ts";
import { lint } from "./lint.ts";
import { metric } from "./metric.ts";
import { name } from "./name.ts";
import { notify } from "./notify.ts";
import { policy } from "./policy.ts";
import { reuse } from "./reuse.ts";
import { rollout } from "./rollout.ts";
import { scenario } from "./scenario.ts";
import { syntax } from "./syntax.ts";
import { target } from "./target.ts";
import { trigger } from "./trigger.ts";
import { type } from "./type.ts";
import { unit } from "./unit.ts";

/** Every diagnostic there is, by code `area/name`. Each code has a page `docs/diagnostics/AREA/NAME.md`. */
export const catalog = {
  ...syntax,
  ...target,
  ...name,
  ...type,
  ...unit,
  ...policy,
  ...dataset,
  ...gate,
  ...trigger,
  ...rollout,
  ...notify,
  ...metric,
  ...scenario,
  ...config,
  ...check,
  ...reuse,
  ...guardrail,
  ...lint,
} as const;

export type Code = keyof typeof catalog;

/** The parameters that the texts of a code need. */
export type ParametersOf<C extends Code> = (typeof catalog)[C] extends Entry<infer Parameters> ? Parameters : never;

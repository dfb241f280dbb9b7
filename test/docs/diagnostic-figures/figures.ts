import { dataset } from "./dataset.ts";
import { environment } from "./environment.ts";
import type { Figures } from "./figure.ts";
import { gate } from "./gate.ts";
import { names } from "./names.ts";
import { policy } from "./policy.ts";
import { reuse } from "./reuse.ts";
import { rollout } from "./rollout.ts";
import { scenario } from "./scenario.ts";
import { syntax } from "./syntax.ts";
import { trigger } from "./trigger.ts";
import { type } from "./type.ts";

/** The figures of all pages, by code. */
export const figures: Figures = {
  ...dataset,
  ...environment,
  ...gate,
  ...names,
  ...policy,
  ...reuse,
  ...rollout,
  ...scenario,
  ...syntax,
  ...trigger,
  ...type,
};

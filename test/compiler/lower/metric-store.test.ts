import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import { checkText } from "../../support/check-text.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { localBindings } from "../../support/local-bindings.ts";

const metric = `metric failures {
  type   ratio
  better lower
  from   prometheus """sum(increase(requests_total{version="$version", code=~"5.."}[$window]))"""
    over """sum(increase(requests_total{version="$version"}[$window]))"""
}`;
const rollout = (what: string) => `rollout {
  stage canary { traffic 5% for 2h..12h at least 4_000 requests require challenger.${what} <= 1% }
  stage full { traffic 100% watch 24h keep champion 72h }
  rollback when challenger.${what} > 2%
}`;
const bindings = localBindings("example");
const { metrics: _, ...unmeasured } = bindings;

function lowered(parts: string, bound: typeof unmeasured) {
  const [policy] = checkText(examplePolicy(parts)).policies;
  if (policy === undefined) throw new Error("no policy");
  return lower(policy, bound);
}

it("refuses each line that asks Prometheus where the environment names none", () => {
  const { plan, diagnostics } = lowered(metric + rollout("failures"), unmeasured);
  expect(plan).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(["config/no-prometheus", "config/no-prometheus"]);
  expect(diagnostics.map(({ message }) => /^`([^`]*)`/.exec(message)?.[1])).toEqual([
    "challenger.failures <= 1%",
    "challenger.failures > 2%",
  ]);
});

it("a plan names the store only where its policy asks one", () => {
  expect(lowered(metric + rollout("failures"), bindings).plan?.bindings.metrics).toEqual(bindings.metrics);
  expect(lowered(rollout("error_rate"), bindings).plan?.bindings).not.toHaveProperty("metrics");
});

import type { Figures } from "./figure.ts";

const causeKinds = ["schedule", "data", "drift", "decay", "event"];

/** Scenarios: tests of a policy. */
export const scenario: Figures = {
  "scenario/between-checks": ({ wrong }) => {
    const [hours] = wrong(/at (\d+)h psi/u);
    const [days] = wrong(/check +every (\d+)d/u);
    return [
      `\`check every ${days}d\` conditions are evaluated at 0d, ${days}d, ${2 * days}d. A value of ${hours}h stands ${hours / 24 / days} checks`,
    ];
  },
  "scenario/expects-nothing": ({ wrong }) => {
    const [floor] = wrong(/challenger\.auc >= ([\d.]+)/u);
    const [given] = wrong(/given challenger\.auc = ([\d.]+)/u);
    return [`${floor.toFixed(2)}`, `${given}`, `${(given - 0.2).toFixed(2)}`];
  },
  "scenario/interval-without-value": ({ wrong }) => {
    const [value, low, high] = wrong(/challenger\.auc = ([\d.]+) over [\d_]+ rows interval ([\d.]+)\.\.([\d.]+)/u);
    return [
      `${value.toFixed(2)} lies ${Math.round((low - value) * 100)}pp below ${low}..${high}`,
      `${(low - 0.01).toFixed(2)}`,
    ];
  },
  "scenario/no-such-cause": ({ example }) => {
    const written = causeKinds.filter((kind) => new RegExp(`^ +${kind} `, "mu").test(example));
    return [`${causeKinds.length} kinds of causes`, `${written.length}, \`${written.join("` and `")}\``];
  },
  "scenario/not-read": ({ wrong }) => {
    const [limit] = wrong(/psi\(customers\.spend\) > ([\d.]+)/u);
    const [given] = wrong(/js_distance\(customers\.spend\) = ([\d.]+)/u);
    return [`${limit}`, `${given}`];
  },
  "scenario/unknown-policy": ({ example, found }) => {
    const written = example.match(/^scenario /gmu)?.length ?? 0;
    return [`${written - found(example, "scenario/unknown-policy")} of ${written} scenarios`];
  },
  "scenario/unknown-subject": ({ example }) => {
    const gates = example.match(/^ +gate /gmu)?.length ?? 0;
    const stages = example.match(/^ +stage /gmu)?.length ?? 0;
    return [`${gates} gate and ${stages} stage`];
  },
  "scenario/unmatched-reason": ({ wrong }) => {
    const [floor] = wrong(/challenger\.auc >= ([\d.]+) at 95% confidence \}/u);
    const [given] = wrong(/given challenger\.auc = ([\d.]+)/u);
    const [expected] = wrong(/because "challenger\.auc >= ([\d.]+)/u);
    return [
      `${given} because of its floor of ${floor.toFixed(2)}`,
      `${expected.toFixed(2)}`,
      `${(given + 0.02).toFixed(2)}`,
    ];
  },
};

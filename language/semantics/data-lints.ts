import { singleCauses } from "./blocks/trigger.ts";
import type { CheckedProgram } from "./checked/condition.ts";
import type { CheckedDataset } from "./checked/policy.ts";
import type { CheckedTrigger } from "./checked/trigger.ts";
import type { Collector } from "./collector.ts";
import { duration, grouped, plain } from "./wording.ts";

const day = 86_400_000;
const fewestRows = 100;
const fewestOfClass = 30;
const manyRows = 1e9;

/** Columns whose distribution follows the calendar. */
const weekly = /^(?:is_?)?(?:week_?day|day_?of_?week|dow|weekend)$/iu;

/** Reports windows of datasets that cannot hold what is judged on them, or that hold something else than they seem to. */
export function lintDatasets(
  datasets: readonly CheckedDataset[],
  judged: CheckedDataset | undefined,
  binary: boolean,
  out: Collector,
): void {
  if (judged !== undefined) refuseSmallHoldout(judged, binary, out);
  for (const dataset of datasets) {
    const { rows } = dataset.expected;
    if (dataset !== judged || rows === undefined || dataset.training !== undefined) continue;
    const year = rows * 365 * 86_400;
    if (year > manyRows) {
      const label = `${grouped(Number(year.toPrecision(3)))} rows`;
      out.report("dataset/training-unbounded", dataset.span, { dataset: dataset.name, rows: label });
    }
  }
}

function refuseSmallHoldout(judged: CheckedDataset, binary: boolean, out: Collector): void {
  const { holdout, expected } = judged;
  if (holdout?.kind !== "span") return;
  const counts = [
    { noun: "rows", rate: expected.rows, needed: fewestRows },
    ...(binary
      ? [
          { noun: "positives", rate: expected.positives, needed: fewestOfClass },
          { noun: "negatives", rate: expected.negatives, needed: fewestOfClass },
        ]
      : []),
  ];
  for (const { noun, rate, needed } of counts) {
    if (rate === undefined) continue;
    const has = Math.floor((rate * holdout.length) / 1000);
    if (has >= needed) continue;
    const daily = plain(Number((rate * 86_400).toPrecision(3)));
    out.report("dataset/holdout-too-small", judged.span, {
      dataset: judged.name,
      has: `${grouped(has)} ${noun}`,
      needed: `${needed} ${noun}`,
      sum: `${daily} ${noun} a day x ${duration(holdout.length)}`,
    });
    return;
  }
}

/** Reports windows that cut weeks where drift is measured of a column that follows the week. */
export function lintWeeks(
  datasets: readonly CheckedDataset[],
  trigger: CheckedTrigger | undefined,
  validate: readonly CheckedProgram[],
  out: Collector,
): void {
  const causes = trigger === undefined ? [] : singleCauses(trigger);
  const items = validate.flatMap(({ requirements }) => requirements);
  const lines = [
    ...causes.flatMap((cause) => (cause.kind === "drift" ? [{ test: cause.test, span: cause.span }] : [])),
    ...items.flatMap((item) => (item.kind === "group" ? item.members : [item])),
  ];
  for (const { test, span } of lines) {
    if (test.kind !== "threshold" && test.kind !== "range") continue;
    const { measure } = test;
    if (measure.kind !== "drift" && measure.kind !== "share_drifted") continue;
    const columns = measure.kind === "drift" ? [measure.column] : measure.columns;
    const column = columns.find((name) => weekly.test(name));
    const dataset = datasets.find(({ name }) => name === measure.dataset);
    if (column === undefined || dataset?.current === undefined || dataset.current % (7 * day) === 0) continue;
    out.report("dataset/current-cuts-weeks", span, {
      current: duration(dataset.current),
      column,
      dataset: dataset.name,
    });
  }
}

import type { Exclude, Name, PoolGroups, Requirement } from "../../syntax/tree.ts";
import type { CheckedMinimum } from "../checked/condition.ts";
import type { Measure } from "../checked/measure.ts";
import type { CheckedDataset } from "../checked/policy.ts";
import { groupsOf, isGroup } from "../fairness-call.ts";
import { readCount } from "../quantity.ts";
import type { Scope } from "../scope.ts";
import type { Resolved, Site } from "../site.ts";
import { plain } from "../wording.ts";

/** Most slices that one requirement is judged in; more are no slices but rows. */
const mostSlices = 50;

/** Whether a measure can be taken for every value of a column: it must rest on rows that carry the column. */
export function canBeSliced(kind: Measure["kind"], place: Site["place"]): boolean {
  if (place === "gate") return kind === "prediction" || kind === "pairs" || kind === "quantile";
  return place === "validate" ? kind === "data" : kind === "prediction";
}

/** Why a measure has no slices, for a sentence. */
export function sliceProblem(measured: Resolved): string {
  switch (measured.measure.kind) {
    case "evaluation":
    case "registry":
      return "it is one number for all rows";
    case "fairness":
      return "it compares groups already";
    case "drift":
    case "share_drifted":
    case "score_drift":
      return "drift compares whole windows";
    default:
      return "live requests are counted without the columns of the dataset";
  }
}

/** Whether a column has few enough values to be judged one by one; reports one that has not. */
export function isSliceable(column: Name, dataset: CheckedDataset, scope: Scope): boolean {
  const type = dataset.columns.find(({ name }) => name === column.text)?.type;
  const groups = groupsOf(column.text, dataset);
  const isKey = dataset.key.includes(column.text) || column.text === dataset.time;
  const why =
    groups !== undefined && groups.length > mostSlices
      ? `it has ${plain(groups.length)} values`
      : isKey
        ? "it is different in every row"
        : type === "number" || type === "timestamp"
          ? `a ${type} column has as many values as rows`
          : undefined;
  if (why === undefined) return true;
  scope.out.report("gate/too-many-slices", column.span, { column: column.text, why, most: mostSlices });
  return false;
}

interface Groups {
  readonly pool?: CheckedMinimum;
  readonly exclude?: readonly { readonly group: string; readonly because: string }[];
}

/** Reads `pool groups under N rows` and `exclude "x" because "..."`, which stand where groups are judged. */
export function readGroups(
  qualifier: PoolGroups | Exclude,
  node: Requirement,
  measured: Resolved | undefined,
  site: Site,
  scope: Scope,
): Groups | undefined {
  const { out } = scope;
  const column =
    node.forEach?.text ?? (measured?.measure.kind === "fairness" ? measured.measure.columns[0] : undefined);
  if (column === undefined) {
    if (measured === undefined) return undefined;
    return out.report("type/qualifier", qualifier.span, {
      qualifier: qualifier.kind === "Exclude" ? "exclude" : "pool groups",
      why: "only `for each` and fairness judge groups",
    });
  }
  if (qualifier.kind === "PoolGroups") {
    const count = readCount(qualifier.under, "`pool groups under`", out);
    const of = qualifier.noun.text;
    if (of !== "rows" && of !== "positives" && of !== "negatives") {
      return out.report("type/qualifier", qualifier.noun.span, {
        qualifier: `pool groups under ... ${of}`,
        why: "groups are counted in rows, positives or negatives",
      });
    }
    return count === undefined ? undefined : { pool: { count, of } };
  }
  if (qualifier.because.value.trim().length < 10) {
    return out.report("gate/exclude-without-reason", qualifier.because.span, { group: qualifier.group.value });
  }
  const single = measured?.measure.kind !== "fairness" || measured.measure.columns.length === 1;
  if (single && !isGroup(qualifier.group, column, site.dataset, scope)) return undefined;
  if (measured?.measure.kind === "fairness" && measured.measure.privileged === qualifier.group.value) {
    return out.report("gate/excludes-privileged", qualifier.group.span, { group: qualifier.group.value });
  }
  return { exclude: [{ group: qualifier.group.value, because: qualifier.because.value }] };
}

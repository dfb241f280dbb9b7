import type { PrometheusMeasure } from "../../../compiler/plan/measure.ts";
import type { Observation, Unanswered, Value } from "../../judge/observation.ts";
import type { MetricLook, MetricSource, ServedVersion } from "../metrics.ts";
import { type Histogram, histogramOf } from "./buckets.ts";
import { type Ask, unanswered } from "./client.ts";
import { oneNumber, stale } from "./numbers.ts";
import { fill, type Parameters, QueryError } from "./query.ts";
import { type Events, eventsOf } from "./ratio.ts";

/** Windows shorter than this many scrapes hold too few samples for a count. */
const SCRAPES = 4;

/** @param scrapeInterval milliseconds between two samples of a series */
export function prometheusSource(ask: Ask, scrapeInterval: number): MetricSource {
  return {
    async observe(measure, look) {
      if (look.window < SCRAPES * scrapeInterval) {
        const detail = `the window is ${look.window / 1000} s long, shorter than ${SCRAPES} scrapes of ${scrapeInterval / 1000} s`;
        return unanswered("too_few_samples", detail);
      }
      try {
        return await observed(ask, measure, look);
      } catch (error) {
        if (error instanceof QueryError) return unanswered("source_rejected", error.message);
        throw error;
      }
    },
  };
}

async function observed(ask: Ask, measure: PrometheusMeasure, look: MetricLook): Promise<Observation> {
  const { form, freshWithin, query } = measure;
  const { at, window } = look;
  const scale = measure.unit === "duration" ? 1000 : 1;
  const filled = (text: string, { version, revision }: ServedVersion) => {
    const parameters: Parameters = { version, revision, window };
    return fill(text, parameters);
  };
  switch (form.kind) {
    case "ratio": {
      const of = (side: ServedVersion) =>
        eventsOf(ask, { events: filled(query, side), trials: filled(form.over, side) }, freshWithin, at);
      const sides = await bothSides(look, of);
      if ("kind" in sides) return sides;
      const none: Events = { events: 0, trials: 0, notes: [] };
      const { challenger = none, champion = none } = sides;
      const count = ({ events, trials }: Events) => ({ events, trials });
      return {
        kind: "rates",
        challenger: count(challenger),
        champion: count(champion),
        ...noted([challenger, champion]),
      };
    }
    case "bucket_quantile": {
      const of = (side: ServedVersion) => {
        const counted = form.countedBy === undefined ? {} : { countedBy: filled(form.countedBy, side) };
        return histogramOf(ask, { quantile: filled(query, side), ...counted }, { freshWithin, window, scale, at });
      };
      const sides = await bothSides<Histogram>(look, of);
      if ("kind" in sides) return sides;
      const { challenger, champion } = sides;
      return {
        kind: "buckets",
        ...(challenger === undefined ? {} : { challenger: challenger.buckets }),
        ...(champion === undefined ? {} : { champion: champion.buckets }),
        ...noted([challenger, champion].filter((one) => one !== undefined)),
      };
    }
    case "opaque": {
      const of = async (side: ServedVersion): Promise<Value | Unanswered> => {
        const asked = filled(query, side);
        const value = await oneNumber(ask, asked, at);
        if (typeof value === "object") return value;
        if (value === undefined) return unanswered("no_data", "no series answers the query");
        const old = await stale(ask, asked, { within: freshWithin, at });
        if (old !== undefined) return old;
        const n = await oneNumber(ask, filled(form.countedBy, side), at);
        if (typeof n === "object") return n;
        if (n === undefined) return unanswered("no_data", "no series answers the query after `counted by`");
        return { kind: "value", value: value * scale, n: Math.floor(n) };
      };
      const sides = await bothSides(look, of);
      if ("kind" in sides) return sides;
      const { challenger, champion } = sides;
      if (challenger === undefined) return champion ?? unanswered("no_data", "no version is asked for");
      return champion === undefined ? challenger : { kind: "values", challenger, champion };
    }
  }
}

/** Asks for each side that is wanted, one after the other; the first side without an answer stands for both. */
async function bothSides<Answer extends object>(
  { challenger, champion }: MetricLook,
  of: (side: ServedVersion) => Promise<Answer | Unanswered>,
): Promise<{ challenger?: Answer; champion?: Answer } | Unanswered> {
  const answers: { challenger?: Answer; champion?: Answer } = {};
  for (const [party, side] of [
    ["challenger", challenger],
    ["champion", champion],
  ] as const) {
    if (side === undefined) continue;
    const answer = await of(side);
    if (isUnanswered(answer)) return { ...answer, detail: `${party}: ${answer.detail}` };
    answers[party] = answer;
  }
  return answers;
}

function isUnanswered(answer: object): answer is Unanswered {
  return "kind" in answer && answer.kind === "unanswered";
}

function noted(sides: readonly { readonly notes: readonly string[] }[]): { readonly note?: string } {
  const notes = [...new Set(sides.flatMap(({ notes }) => notes))];
  return notes.length === 0 ? {} : { note: notes.join("; ") };
}

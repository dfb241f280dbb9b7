// One version of the model. It stands alone: it needs only weights.json beside it.
import { readFileSync } from "node:fs";

const weights = JSON.parse(readFileSync(new URL("weights.json", import.meta.url), "utf8"));
const origins = new Map(Object.entries(weights.origin));
const destinations = new Map(Object.entries(weights.destination));
const { edges, weights: distances } = weights.distance;

/**
 * The probability that a departing flight will arrive more than 15 minutes late.
 * `row`: hour 0..23, weekday 0..6 (0 is Sunday), origin and destination (airport codes), distance in miles or null.
 * An airport or a distance that is not known has no weight. Throws where another value is missing or impossible,
 * and for an unknown destination where weights.json says so.
 */
export function predict(row) {
  const hour = whole(row.hour, "hour", 23);
  const weekday = whole(row.weekday, "weekday", 6);
  const destination = destinations.get(text(row.destination, "destination"));
  if (destination === undefined && weights.unknown_destinations === "throw") {
    throw new Error(`destination ${JSON.stringify(row.destination)} is not in the table of this version`);
  }
  const logit =
    weights.intercept +
    weights.hour[hour] +
    weights.hour_of_week[weekday * 24 + hour] +
    (origins.get(text(row.origin, "origin")) ?? 0) +
    (destination ?? 0) +
    ofDistance(row.distance);
  return { score: 1 / (1 + Math.exp(-logit)) };
}

function whole(value, name, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new Error(`${name} is ${JSON.stringify(value)}, not a whole number from 0 to ${most}`);
  }
  return value;
}

function text(value, name) {
  if (typeof value !== "string") throw new Error(`${name} is ${JSON.stringify(value)}, not an airport's code`);
  return value;
}

function ofDistance(distance) {
  if (distance === null) return 0;
  if (!Number.isFinite(distance)) throw new Error(`distance is ${JSON.stringify(distance)}, not a number of miles`);
  const bucket = edges.findIndex((edge) => distance < edge);
  return distances[bucket === -1 ? edges.length : bucket];
}

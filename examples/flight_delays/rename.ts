/** The nine busiest destinations; about 31 of 100 flights go to one of them. */
const RENAMED = ["ATL", "BOS", "DFW", "DTW", "LAX", "MSP", "ORD", "PHX", "STL"];

/** The upstream rename of the story: for some airports the feed changes from the IATA to the ICAO code, KORD for ORD. */
export const renamedDestinations: ReadonlyMap<string, string> = new Map(RENAMED.map((code) => [code, `K${code}`]));

import { coverage } from "./coverage.ts";
import { gates } from "./gates.ts";
import { sequences } from "./looks.ts";
import { power } from "./power.ts";
import type { Simulation } from "./rehearsal.ts";

/** Shares by simulation, as a run has counted them. */
export type Results = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const chapters: Readonly<Record<string, readonly Simulation[]>> = {
  "Gates whose challenger stands exactly on the border, and columns that have not moved": gates,
  "Looking again and again": sequences,
  "Coverage of the intervals": coverage,
  "Power: what rows and requests can tell": power,
};

export const simulations: readonly Simulation[] = Object.values(chapters).flat();

/** The tables of the page, from the results that are kept beside them. */
export function tablesOf(results: Results): string {
  return Object.entries(chapters)
    .map(([title, own]) => {
      const rows = own.map(({ name, setting, rounds }) => {
        const shares = Object.entries(results[name] ?? {}).map(([what, share]) => `${what} ${written(share)}`);
        return `| ${name} | ${setting} | ${rounds.toLocaleString("en")} | ${shares.join(", ")} |`;
      });
      const head = ["| what | setting | rehearsals | share |", "| --- | --- | --- | --- |"];
      return [`### ${title}`, "", ...head, ...rows].join("\n");
    })
    .join("\n\n");
}

function written(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

type Damage = readonly [name: string, from: string | RegExp, to: string];

/** Mistakes that people make, one a policy. */
const damages: readonly Damage[] = [
  ["gate-misspelt", "gate offline {", "gaet offline {"],
  ["trigger-misspelt", "trigger {", "triger {"],
  ["require-misspelt", "require rows", "requrie rows"],
  ["brace-missing", /\n\}\n\nevaluate/, "\n\nevaluate"],
  ["brace-twice", "\n\nevaluate", "\n}\n\nevaluate"],
  ["owner-missing", /owner .*\n/, ""],
  ["risk-unknown", /risk .*\n/, "risk enormous\n"],
  ["unit-in-minutes", "check every 1d", "check every 90min"],
  ["unit-missing", "check every 1d", "check every 3600"],
  ["half-a-day", "check every 1d", "check every 0.5d"],
  ["column-unknown", "keep champion 72h", "keep champion 72h\n require challenger.latenci <= 5ms"],
  ["zone-unknown", /in "(Europe|America|Asia)\/\w+"/, 'in "Mars/Olympus"'],
  ["cron-too-long", /schedule "[^"]*"/, 'schedule "0 0 3 * * MON *"'],
  ["share-not-full", "traffic 100%", "traffic 90%"],
  ["share-in-points", "traffic 100%", "traffic 100pp"],
  ["max-below-min", "for 6h..24h", "for 24h..6h"],
  ["limit-above-one", "challenger.error_rate <= 2%", "challenger.error_rate <= 200%"],
  ["compares-itself", /champion\.(\w+) by/, "challenger.$1 by"],
  ["margin-missing", / by \S+( \d+%)? at 95% confidence/, " at 95% confidence"],
  ["metric-unknown", /challenger\.(\w+) not/, "challenger.$1x not"],
  ["keep-too-short", "keep champion 72h", "keep champion 72"],
  ["text-open", 'owner       "team@example.com"', 'owner       "team@example.com'],
  ["comment-open", "\n\nevaluate", "\n\n/* evaluate"],
  ["key-missing", /key .*\n/, ""],
  ["label-unknown", /label +\w+ matures/, "label     outcome matures"],
  ["maturity-missing", / matures after \S+/, ""],
  ["holdout-missing", /holdout .*\n/, ""],
  ["source-unknown", /source +\w+ /, "source    excel "],
  ["type-unknown", "spend     number in", "spend     decimal in"],
  ["range-upside-down", "in 18..120", "in 120..18"],
  ["registry-twice", /registry .*\n/, '$&registry    local "other"\n'],
  ["registry-unknown", "registry    local", "registry    loacl"],
  ["substitution-unknown", "${challenger.uri}", "${challenger.url}"],
  ["substitution-open", "${challenger.uri}", "${challenger.uri"],
  ["command-empty", /command \["python", "evaluate[^\n]*/, "command []"],
  ["dataset-unknown", /validate \w+/, "validate costumers"],
  ["gate-empty", /gate offline \{[^}]*\}/, "gate offline { }"],
  ["rollback-of-nothing", /rollback when .*/, "rollback when"],
  ["stage-twice", "stage full {", "stage canary {"],
  ["stage-without-name", "stage full {", "stage {"],
];

/** A text with the mistake of this number. Throws where the text has no place for it: that is a mistake of the generator. */
export function damage(text: string, index: number): { readonly name: string; readonly text: string } {
  const found = damages[index];
  if (found === undefined) throw new Error(`there is no mistake ${index}`);
  const [name, from, to] = found;
  const changed = typeof from === "string" ? text.replace(from, () => to) : text.replace(from, to);
  if (changed === text) throw new Error(`${name} changes nothing`);
  return { name, text: changed };
}

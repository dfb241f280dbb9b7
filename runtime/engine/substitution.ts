/** What `${...}` in a step's command or environment stands for when the step starts: `flights.uri`, `challenger.uri`, `run.id`, ... */
export type Substitutions = Readonly<Record<string, string>>;

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_.]*)\}/g;

/** Replaces every `${name}` by its value and `$${` by a literal `${`. The result is handed over as one argument and never read by a shell. A name without a value is our own mistake: the checker lets only known names through. */
export function substitute(text: string, values: Substitutions): string {
  return text.replace(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) return "${";
    if (!Object.hasOwn(values, name)) throw new Error(`no value for the substitution ${whole}`);
    return values[name] ?? "";
  });
}

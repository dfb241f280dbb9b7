/** How a task of a DAG ended, in Argo's words. */
export type Phase = "Succeeded" | "Failed" | "Error" | "Skipped" | "Omitted";

const TERM = /^([a-z][-a-z0-9]*)\.(Succeeded|Failed|Errored|Skipped|Omitted)$/;

/** Tasks that a `depends` names. */
export function dependenciesOf(depends: string | undefined): string[] {
  return (depends ?? "").split(/\s*(?:&&|\|\|)\s*/).flatMap((term) => (term === "" ? [] : [termOf(term).task]));
}

function termOf(text: string): { task: string; result: string } {
  const [, task, result] = TERM.exec(text) ?? [];
  if (task === undefined || result === undefined) throw new Error(`the simulator cannot read \`depends: ${text}\``);
  return { task, result };
}

/** `a.Succeeded && b.Succeeded || c.Failed`: "and" binds more strongly. */
export function dependsHolds(depends: string, phaseOf: (task: string) => Phase): boolean {
  const holds = (text: string) => {
    const { task, result } = termOf(text);
    const phase = phaseOf(task);
    return result === (phase === "Error" ? "Errored" : phase);
  };
  return depends.split(/\s*\|\|\s*/).some((all) => all.split(/\s*&&\s*/).every(holds));
}

const WHEN = /^\{\{= tasks\['([-a-z0-9]+)'\]\.outputs\.parameters\.([-a-z0-9]+) == '([^']*)' \}\}$/;

/** `{{= tasks['T'].outputs.parameters.P == 'WORD' }}`, the one form that generated files hold. */
export function whenHolds(when: string, output: (task: string, parameter: string) => string | undefined): boolean {
  const [, task, parameter, word] = WHEN.exec(when) ?? [];
  if (task === undefined || parameter === undefined) throw new Error(`the simulator cannot read \`when: ${when}\``);
  const value = output(task, parameter);
  if (value === undefined) throw new Error(`\`when: ${when}\`: task ${task} has no output ${parameter}`);
  return value === word;
}

export interface LastRetry {
  readonly status: "Failed" | "Error";
  readonly exitCode: string;
}

const TESTS: readonly [form: RegExp, holds: (found: RegExpExecArray, last: LastRetry) => boolean][] = [
  [/^lastRetry\.status == '([A-Za-z]+)'$/, ([, status], last) => last.status === status],
  [
    /^asInt\(lastRetry\.exitCode\) in \[([0-9, ]+)\]$/,
    ([, codes = ""], last) => codes.split(",").map(Number).includes(Number(last.exitCode)),
  ],
];

/** The expression of a retry strategy: tests joined by `||`. */
export function retryHolds(expression: string, last: LastRetry): boolean {
  return expression.split(" || ").some((text) => {
    for (const [form, holds] of TESTS) {
      const found = form.exec(text);
      if (found !== null) return holds(found, last);
    }
    throw new Error(`the simulator cannot read \`expression: ${expression}\``);
  });
}

/** Fills in `{{...}}`. Throws for one that is not known. */
export function filled(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => {
    const found = value(name);
    if (found === undefined) throw new Error(`the simulator knows no {{${name}}}`);
    return found;
  });
}

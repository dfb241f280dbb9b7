/** Something outside the policy stands in the way: wrong usage (`usage`) or an environment that does not work (`environment`). Printed as code, message and what to do; never with a stack trace. */
export class Failure extends Error {
  override name = "Failure";
  readonly kind: "usage" | "environment";
  /** Stable `area/name`. */
  readonly code: string;
  /** What to do. */
  readonly help: string | undefined;

  constructor(kind: "usage" | "environment", code: string, message: string, help?: string) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.help = help;
  }
}

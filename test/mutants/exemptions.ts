/** A number of which a hundredth more changes no result that means anything. `code`: part of its line. */
export interface Exemption {
  readonly file: string;
  readonly code: string;
  /** Only this mutant of the line. */
  readonly what?: string;
  readonly because: string;
}

export const exemptions: readonly Exemption[] = [];

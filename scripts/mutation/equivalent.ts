/** A mutant that no test can notice, because it does what the original does. */
export interface Equivalent {
  readonly file: string;
  /** The text and what stands in its place, blanks made one. */
  readonly original: string;
  readonly replacement: string;
  /** A piece of the line it stands on, where the text alone is found twice. */
  readonly reason: string;
}

/** Set aside when drawn. For each the reason why nothing that is promised, and no resource, depends on it. */
export const EQUIVALENT: readonly Equivalent[] = [];

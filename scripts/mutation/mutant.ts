/** What a mutant changes. */
export type Kind =
  | 'condition'
  | 'boundary'
  | 'equality'
  | 'arithmetic'
  | 'logic'
  | 'default'
  | 'negation'
  | 'constant'
  | 'minmax'
  | 'call'
  | 'assignment'
  | 'await'
  | 'throw'
  | 'result'
  | 'release';

/** A change of one place in a source text. */
export interface Edit {
  readonly kind: Kind;
  /** Offsets in the text, the end excluded. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A change of one place of a file. */
export interface Mutant extends Edit {
  /** Relative to the root of the repository, with slashes. */
  readonly file: string;
  readonly line: number;
  /** The function or method it stands in, by name; empty outside of all. */
  readonly within: string;
  /** What stands there. */
  readonly original: string;
}

/** The text with the change made. */
export function mutated(text: string, { start, end, replacement }: Edit): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** On one line, shortened in the middle to so many characters. */
export function excerpt(text: string, length = 70): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const part = Math.floor((length - 3) / 2);
  return line.length <= length ? line : `${line.slice(0, part)} … ${line.slice(-part)}`;
}

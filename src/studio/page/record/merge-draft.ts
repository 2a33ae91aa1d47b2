/** Texts by property, as the form edits them; null where there is no value. */
export type Texts = ReadonlyMap<string, string | null>;

/** A property that both sides have changed, each to something else. */
export interface Clash {
  readonly property: string;
  /** What it was when the form was opened. */
  readonly base: string | null;
  /** What it is now. */
  readonly theirs: string | null;
  /** What the form says. */
  readonly yours: string | null;
}

/** What a draft is beside the record as it is now. */
export interface Merge {
  readonly clashes: readonly Clash[];
  /** Properties that only the others have changed: theirs are taken. */
  readonly taken: readonly string[];
  /** What the form still changes when each clash is decided for yours. */
  readonly edits: Texts;
}

/**
 * Brings an edited form and a record that has been changed meanwhile together: what only one side has changed is that side's, what both
 * have changed alike is no difference, and the rest is for the writer to decide.
 */
export function mergeDraft(base: Texts, theirs: Texts, edits: Texts): Merge {
  const clashes: Clash[] = [];
  const taken: string[] = [];
  const kept = new Map<string, string | null>();
  for (const property of new Set([...base.keys(), ...theirs.keys(), ...edits.keys()])) {
    const before = base.get(property) ?? null;
    const now = theirs.get(property) ?? null;
    const yours = edits.get(property);
    if (yours === undefined || yours === before) {
      if (now !== before) taken.push(property);
      continue;
    }
    if (yours === now) continue;
    kept.set(property, yours);
    if (now !== before) clashes.push({ property, base: before, theirs: now, yours });
  }
  return { clashes, taken, edits: kept };
}

/** The edits with some clashes decided for the others. */
export function resolveClashes(
  edits: Texts,
  choices: ReadonlyMap<string, 'theirs' | 'yours'>,
): Map<string, string | null> {
  return new Map([...edits].filter(([property]) => choices.get(property) !== 'theirs'));
}

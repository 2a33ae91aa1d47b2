import type { FieldRole } from '../types.js';

/** What the compiler records of properties whose type is certain; of unions, interfaces and the like it records Object. */
const CERTAIN: ReadonlySet<unknown> = new Set([String, Number, Boolean, BigInt, Date, Array]);

/** The roles whose properties have one type. */
const EXPECTED: Partial<Record<FieldRole | 'slug', { readonly type: unknown; readonly words: string }>> = {
  slug: { type: String, words: 'a slug is a string' },
  counter: { type: Number, words: 'a counter is a number' },
  version: { type: Number, words: 'a version is a number' },
  set: { type: Array, words: 'a set is an array' },
  createdAt: { type: Date, words: 'a time stamp is a Date' },
  updatedAt: { type: Date, words: 'a time stamp is a Date' },
  deletedAt: { type: Date, words: 'a time stamp is a Date' },
};

/** Why a property of this role cannot be of the type that the compiler recorded; `undefined` when it can. */
export function recordedTypeProblem(role: FieldRole | 'slug', recorded: unknown): string | undefined {
  const expected = EXPECTED[role];
  if (expected === undefined || !CERTAIN.has(recorded) || recorded === expected.type) return undefined;
  const name = typeof recorded === 'function' ? recorded.name : 'another type';
  return `${expected.words}, and the property is declared as ${name}. Declare it as what it holds.`;
}

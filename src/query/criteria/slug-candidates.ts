import { isFindOperator } from '../operators/find-operator.js';

/**
 * The only slugs that can meet a compiled condition on the slug; `undefined` when the condition leaves that open. May
 * hold slugs that do not meet it: it says what to look at, not what matches.
 */
export function slugCandidates(condition: unknown): ReadonlySet<string> | undefined {
  if (!isFindOperator(condition)) return typeof condition === 'string' ? new Set([condition]) : undefined;
  const { operator, operands } = condition;
  switch (operator) {
    case 'Equal':
      return slugCandidates(operands[0]);
    case 'In':
    case 'Any':
      return Array.isArray(operands[0]) ? unite(operands[0].map(slugCandidates)) : undefined;
    case 'Or':
      return unite(operands.map(slugCandidates));
    case 'And':
      return fewest(operands.map(slugCandidates));
    default:
      return undefined;
  }
}

/** What several alternatives can match together; `undefined` when one of them leaves it open. */
export function unite(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  const united = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const slug of set) united.add(slug);
  }
  return united;
}

function fewest(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  return sets.reduce((best, set) => (set && (!best || set.size < best.size) ? set : best), undefined);
}

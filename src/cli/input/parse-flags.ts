import { nearestName } from '../../options/index.js';
import type { ImitatedFault } from '../../server/index.js';
import { IMITATED_FAULTS, VERSION, isImitable } from '../../server/imitation/faults.js';
import { invalidFlag } from '../errors.js';

/** Reads a flag's value as a whole number of at least `min` and, where given, at most `max`. */
export function parseCount(flag: string, min = 1, max?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > (max ?? Number.MAX_SAFE_INTEGER)) {
      const end = max === undefined ? 'up' : `to ${max}`;
      throw invalidFlag(flag, `a whole number from ${min} ${end}`, text);
    }
    return value;
  };
}

/** Reads what a server is to imitate: a version, names of faults, or both, separated by commas. */
export function parseImitate(text: string): readonly (typeof VERSION | ImitatedFault)[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    if (isImitable(name)) return name;
    throw invalidFlag('--imitate', whatIsImitable(name), name);
  });
}

function whatIsImitable(name: string): string {
  const nearest = nearestName(name, IMITATED_FAULTS);
  if (nearest !== undefined) return `${VERSION} or names of faults, such as ${nearest}`;
  return `${VERSION} or, with commas between them, some of ${IMITATED_FAULTS.join(', ')}`;
}

/** Reads a flag that may be given several times as the list of its values. */
export function collect(value: string, given: readonly string[] = []): readonly string[] {
  return [...given, value];
}

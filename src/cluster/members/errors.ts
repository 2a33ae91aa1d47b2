import { DustError } from '../../errors.js';

/** How many of those that stand in the way are named. */
const NAMED = 10;

/** A level that some of the nodes do not understand. */
export function membersBehind(
  level: number,
  behind: readonly { readonly name: string; readonly level: number }[],
): DustError {
  const named = behind.slice(0, NAMED).map((member) => `${member.name} (level ${member.level})`);
  const more = behind.length > NAMED ? [`${behind.length - NAMED} more`] : [];
  return new DustError(
    'conflict',
    `Not all nodes of the cluster understand level ${level}: ${[...named, ...more].join(', ')}. ` +
      'Upgrade or end them; one that was ended without a word is forgotten after five minutes.',
    { detail: 'members_behind' },
  );
}

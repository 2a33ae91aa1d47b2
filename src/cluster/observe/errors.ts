import { DustError } from '../../errors.js';

/** A level that nothing of this version means. */
export function levelNotKnown(level: number, known: number): DustError {
  return new DustError(
    'invalid_options',
    `This version of dust-orm knows levels up to ${known}, and not ${level}. Run the command of a newer one.`,
    { detail: 'unknown_level' },
  );
}

/** The log was asked for an upgrade and said no more. */
export function upgradeUnseen(cause?: unknown): DustError {
  return new DustError(
    'indeterminate',
    'The log of the cluster was asked for the upgrade, and did not say that it has it. It may have: ask for the status.',
    { cause },
  );
}

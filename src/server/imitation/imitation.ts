import type { Feature } from '../../protocol/wire/features.js';
import { FEATURES } from '../../protocol/wire/features.js';
import type { ImitatedFault } from './faults.js';
import { FAULTS_OF_VERSION } from './faults.js';

/** What of recorded servers is to be imitated: all that version 0.1 always shows, or faults by their names. */
export type Imitate = '0.1' | readonly ('0.1' | ImitatedFault)[];

/** The faults that a server shows. */
export type Imitation = ReadonlySet<ImitatedFault>;

/** The features that a fault takes away; what is announced must hold. */
const TAKES_AWAY: Readonly<Partial<Record<ImitatedFault, readonly Feature[]>>> = {
  'no-features': FEATURES,
  'silent-http-writes': ['commits'],
  'ignored-if-absent': ['batch-if-absent'],
};

/** What a server imitates. */
export function imitationOf(imitate: Imitate | undefined): Imitation {
  const names = typeof imitate === 'string' ? [imitate] : (imitate ?? []);
  const faults = new Set<ImitatedFault>();
  for (const name of names) {
    for (const fault of name === '0.1' ? FAULTS_OF_VERSION : withWhatItNeeds(name)) faults.add(fault);
  }
  return faults;
}

/** What a server with these faults can do beyond version 0.1. */
export function featuresBeside(imitation: Imitation): readonly Feature[] {
  const missing = new Set([...imitation].flatMap((fault) => TAKES_AWAY[fault] ?? []));
  return FEATURES.filter((feature) => !missing.has(feature));
}

/** Nothing here takes 5 s by itself. */
function withWhatItNeeds(fault: ImitatedFault): readonly ImitatedFault[] {
  return fault === 'late-writer' ? ['late-writer', 'slow-batches'] : [fault];
}

import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { flatten, isEnvelope, isObject, isToldBare } from '../../protocol/values/value.js';
import type { Imitation } from './imitation.js';

/** What a recorded server packs as an integer lies between these. */
const [LEAST, BEYOND] = [-(2 ** 63), 2 ** 64];

/** How somebody is to hear of something. */
export type Telling = 'live' | 'in a catch-up';

/** Whether a recorded server fails to say this in MessagePack (PROTOCOL §5.11, §8). */
export function isUnpackable(operation: CommittedOperation, imitation: Imitation, telling: Telling): boolean {
  const { path, value, leafTypes } = operation;
  if (telling === 'in a catch-up' && imitation.has('unpackable-envelopes') && holdsBare(value)) return true;
  if (leafTypes === undefined || !imitation.has('unpackable-integers')) return false;
  return flatten(path, value).some((leaf) => isTooGreat(leaf.value, leafTypes.get(leaf.path)));
}

/** The same of a leaf that a snapshot holds. */
export function isUnpackableLeaf({ value, type }: Leaf, imitation: Imitation): boolean {
  if (imitation.has('unpackable-envelopes') && holdsBare(value)) return true;
  return imitation.has('unpackable-integers') && isTooGreat(value, type);
}

function isTooGreat(value: JsonValue, type: string | undefined): boolean {
  return type === 'integer' && typeof value === 'number' && (value < LEAST || value >= BEYOND);
}

/** Whether there is a decimal or a moment in it, which a catch-up tells bare. */
function holdsBare(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  if (isEnvelope(value)) return isToldBare(value);
  return Object.values(value).some(holdsBare);
}

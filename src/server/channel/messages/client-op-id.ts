import type { JsonObject } from '../../../protocol/values/value.js';
import type { Membership } from './membership.js';
import type { Outcome } from './replies.js';
import { CRASH, refused } from './replies.js';

/** The id of a write; undefined when it has none that is a text. */
export function clientOpIdOf({ client_op_id: id }: JsonObject): string | undefined {
  return typeof id === 'string' ? id : undefined;
}

/** What comes of a write without an id: a recorded server does not survive it. */
export function withoutClientOpId(
  { parts: { imitation } }: Pick<Membership, 'parts'>,
  { client_op_id: id }: JsonObject,
): Outcome {
  if (imitation.has('unknown-event-crash')) return CRASH;
  return refused(id === undefined || id === null ? 'missing_client_op_id' : 'invalid_client_op_id');
}

import type { Membership } from './membership.js';
import { refusalOf } from './membership.js';
import { fieldsOf, isSeq } from './payload.js';
import type { Outcome } from './replies.js';
import { done, refused } from './replies.js';
import { pathOf } from './write-fields.js';

const ROLLBACK_DEVICE = 'system:rollback';

/**
 * `rollback`: operations that bring back what a path, or the whole store, held after the operation `to_seq`
 * (PROTOCOL §4). @throws DustError what the store refuses it with
 */
export async function rollback(membership: Membership, payload: unknown): Promise<Outcome> {
  const fields = fieldsOf(payload);
  const { to_seq: toSeq, path, path_segments: segments } = fields;
  const refusal = refusalOf(membership, 'entries:write', 'writes');
  if (refusal !== undefined) return refusal;
  if (!isSeq(toSeq)) return refused('invalid_to_seq');
  const { store, parts } = membership;
  const isWhole = (path ?? null) === null && (segments ?? null) === null;
  const { storeSeq, operationCount } = await parts.writer.run(store, 1, () =>
    store.rollback({
      toSeq,
      path: isWhole ? undefined : pathOf(fields),
      deviceId: ROLLBACK_DEVICE,
      announce: !(isWhole && parts.imitation.has('silent-rollbacks')),
    }),
  );
  if (isWhole) return done({ ops_written: operationCount });
  return done(operationCount === 0 ? { noop: true, store_seq: storeSeq } : { store_seq: storeSeq });
}

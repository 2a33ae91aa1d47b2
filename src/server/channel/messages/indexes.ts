import { declaredIndexes } from '../../http/index-definitions.js';
import { isDustError } from '../../../errors.js';
import type { Membership } from './membership.js';
import { missingScope, refusalOf } from './membership.js';
import { fieldsOf } from './payload.js';
import type { Outcome } from './replies.js';
import { done, refused } from './replies.js';

/** `unique_indexes`: what a client declares unique below one prefix (PROTOCOL §4). @throws DustError what the store refuses it with */
export async function uniqueIndexes(membership: Membership, payload: unknown): Promise<Outcome> {
  const refusal = refusalOf(membership, 'entries:read', 'writes');
  if (refusal !== undefined) return refusal;
  const { store, access, parts } = membership;
  try {
    const { prefix, definitions } = declaredIndexes(fieldsOf(payload));
    if (parts.builds.stand(store, definitions)) return done({ state: 'complete' });
    return (
      missingScope(access, 'entries:write') ??
      done({ state: await parts.builds.keep(store, prefix, definitions) })
    );
  } catch (error) {
    if (isDustError(error, 'invalid_params')) return refused('invalid_params', { message: error.message });
    if (isDustError(error) && error.detail === 'busy') return refused('busy', { message: error.message });
    throw error;
  }
}

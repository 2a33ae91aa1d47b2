import { decodeBase64 } from '../../../protocol/base64.js';
import { clientOpIdOf, withoutClientOpId } from './client-op-id.js';
import type { Membership } from './membership.js';
import { refusalOf } from './membership.js';
import { fieldsOf } from './payload.js';
import type { Outcome } from './replies.js';
import { CRASH, done, refused } from './replies.js';
import { contextOf, pathOf } from './write-fields.js';

/** `put_file`: stores a file's content and its envelope (PROTOCOL §4). @throws DustError what the store refuses it with */
export async function putFile(membership: Membership, payload: unknown): Promise<Outcome> {
  const fields = fieldsOf(payload);
  const { content, filename, content_type: contentType } = fields;
  const clientOpId = clientOpIdOf(fields);
  if (clientOpId === undefined) return withoutClientOpId(membership, fields);
  const refusal = refusalOf(membership, 'files:write', 'writes');
  if (refusal !== undefined) return refusal;
  const bytes = typeof content === 'string' ? decodeBase64(content) : undefined;
  if (bytes === undefined) return refused('invalid_base64');
  if (typeof filename !== 'string') {
    return membership.parts.imitation.crashesChannels ? CRASH : refused('missing_filename');
  }
  const { hash, storeSeq } = await membership.store.putFile({
    path: pathOf(fields),
    content: bytes,
    filename,
    contentType: typeof contentType === 'string' ? contentType : undefined,
    ...contextOf(membership, clientOpId, fields),
  });
  return done({ store_seq: storeSeq, hash });
}

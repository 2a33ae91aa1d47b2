import { decodeBase64 } from '../../../protocol/values/base64.js';
import { isFileName } from '../../../protocol/requests/file-labels.js';
import type { Path } from '../../../protocol/paths/path.js';
import { parsePath } from '../../../protocol/paths/path.js';
import type { PutFileRequest } from '../../../store/index.js';
import { clientOpIdOf, withoutClientOpId } from './client-op-id.js';
import type { Membership } from './membership.js';
import { refusalOf } from './membership.js';
import { fieldsOf } from './payload.js';
import type { Outcome } from './replies.js';
import { CRASH, done, refused } from './replies.js';
import { contextOf, pathOf } from './write-fields.js';

/** What a file is called that has no name, nor a path that makes one. */
const NAMELESS = 'file';

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
  const path = pathOf(fields);
  const { store, parts } = membership;
  const request: PutFileRequest = {
    path,
    content: bytes,
    filename: typeof filename === 'string' ? filename : nameAt(path),
    contentType: typeof contentType === 'string' ? contentType : undefined,
    ...contextOf(membership, clientOpId, fields),
  };
  if (!parts.imitation.has('second-file-crash')) return put(membership, request);
  const { withFiles } = parts;
  if (withFiles.has(store) || store.size().fileBytes > 0) return CRASH;
  withFiles.add(store);
  try {
    return await put(membership, request);
  } catch (error) {
    withFiles.delete(store);
    throw error;
  }
}

async function put({ store, parts }: Membership, request: PutFileRequest): Promise<Outcome> {
  const { hash, storeSeq } = await parts.writer.run(store, 1, () => store.putFile(request));
  return done({ store_seq: storeSeq, hash });
}

/** A file without a name is called as its path ends. */
function nameAt(path: Path): string {
  const name = parsePath(path).at(-1) ?? NAMELESS;
  return isFileName(name) ? name : NAMELESS;
}

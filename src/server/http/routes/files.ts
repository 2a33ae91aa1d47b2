import type { Hono } from 'hono';
import { isMediaType, tellableName } from '../../../protocol/requests/file-labels.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { forbidden } from '../../errors.js';
import { admit } from '../../access/gate.js';
import { assertRoomForAnswer } from '../../access/room.js';

/** `GET /api/files/<hash>`: a blob of any store that the token opens (PROTOCOL §3). */
export function addFileRoute(app: Hono<ServerEnvironment>, parts: ServerParts): void {
  app.get('/api/files/:hash', async (c) => {
    const access = admit(c, parts, 'files:read', 'reads');
    assertRoomForAnswer(parts);
    const hash = c.req.param('hash');
    for (const [name, store] of parts.stores) {
      const blob = access.opens(name) ? await store.file(hash) : null;
      if (blob === null) continue;
      return c.body(new Uint8Array(blob.content), 200, {
        'content-type': mediaType(blob.contentType),
        'content-disposition': disposition(blob.filename),
        // A browser must not take a stored text for a page of this origin.
        'x-content-type-options': 'nosniff',
        'content-security-policy': 'sandbox',
      });
    }
    // Whether some other store has it is nobody's business: the recorded answer is the same.
    throw forbidden('No store that the token opens holds this file.');
  });
}

/** Names beyond printable ASCII are told as RFC 6266 and RFC 8187 have it. Older stores hold names of any kind. */
function disposition(stored: string | undefined): string {
  if (stored === undefined) return 'inline';
  const filename = tellableName(stored);
  if (/^[\x20-\x7e]*$/.test(filename)) {
    return `inline; filename="${filename.replaceAll(/["\\]/g, '\\$&')}"`;
  }
  const encoded = encodeURIComponent(filename).replaceAll(/[*'()]/g, percentEncoded);
  return `inline; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Recorded servers name a charset with every type. What is none, of an older store, is bytes. */
function mediaType(contentType: string): string {
  if (!isMediaType(contentType)) return 'application/octet-stream';
  return contentType.includes(';') ? contentType : `${contentType}; charset=utf-8`;
}

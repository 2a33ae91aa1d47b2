import type { Hono } from 'hono';
import { pathOfEntryUrl } from '../../../protocol/wire/http.js';
import type { Path } from '../../../protocol/paths/path.js';
import { isObject } from '../../../protocol/values/value.js';
import type { Preconditions } from '../../../protocol/requests/request-checks.js';
import type { WriteReceipt, WriteRequest } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import { readJson } from '../body.js';
import type { RequestContext, ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest, notUnderstood } from '../../errors.js';
import { ImitatedFailure } from '../../imitation/errors.js';
import type { Imitation } from '../../imitation/imitation.js';
import type { Gate } from '../../access/gate.js';
import { assertAssembles } from '../leaf-with-children.js';
import { revisionOf } from '../parameters.js';
import type { TypedJson } from '../typed-json.js';
import { wireEntry } from '../wire-value.js';
import { writeContext } from '../write-context.js';

/** How many pieces a target has in front of the entry's path: `/api/stores/:org/:store/entries/`. */
const PIECES_BEFORE_PATH = 6;

/** `GET`, `HEAD`, `PUT` and `DELETE /entries/<path>` (PROTOCOL §3). */
export function addEntryRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, bounds, writer } = parts;

  routes.get('/entries/:path{.+}', gate('entries:read', 'reads'), (c) => {
    const path = entryPath(c, imitation);
    if (imitation.has('leaf-with-children')) assertAssembles(c.var.store, path);
    const entry = c.var.store.get(path);
    if (entry === null) return answerJson(c, { error: 'not_found' }, 404);
    return answerJson(c, wireEntry(entry), 200, { etag: `"${entry.revision}"` });
  });

  routes.put('/entries/:path{.+}', gate('entries:write', 'writes'), async (c) => {
    const path = entryPath(c, imitation);
    const preconditions = preconditionsOf(c);
    const body = entryBody(await readJson(c, bounds.body));
    const { store } = c.var;
    const request: WriteRequest = {
      op: 'set',
      path,
      value: body.value ?? null,
      leafTypes: body.leafTypes(path),
      ...preconditions,
      ...writeContext(c, imitation),
    };
    return answerReceipt(c, await writer.run(store, 1, () => store.write(request)));
  });

  routes.delete('/entries/:path{.+}', gate('entries:write', 'writes'), async (c) => {
    const { ifMatch } = preconditionsOf(c);
    const path = entryPath(c, imitation);
    const { store } = c.var;
    const request: WriteRequest = { op: 'delete', path, ifMatch, ...writeContext(c, imitation) };
    return answerReceipt(c, await writer.run(store, 1, () => store.write(request)));
  });
}

/** Answers an acknowledged write of one operation. */
export function answerReceipt(c: RequestContext, { storeSeq }: WriteReceipt): Response {
  return answerJson(c, { revision: storeSeq, store_seq: storeSeq });
}

function entryPath(c: RequestContext, imitation: Imitation): Path {
  const tail = c.req.path.split('/').slice(PIECES_BEFORE_PATH).join('/');
  try {
    return pathOfEntryUrl(tail);
  } catch {
    if (imitation.has('undecodable-path')) throw new ImitatedFailure('a path that is not UTF-8');
    throw notUnderstood('The path is not percent-encoded UTF-8.');
  }
}

function preconditionsOf(c: RequestContext): Preconditions {
  const ifMatch = c.req.header('if-match');
  const ifNoneMatch = c.req.header('if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw badRequest('"If-None-Match" takes "*": the path must hold no leaf.');
  }
  return {
    ...(ifMatch === undefined
      ? {}
      : { ifMatch: revisionOf(/^\d+$/.test(ifMatch) ? Number(ifMatch) : ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { ifAbsent: true }),
  };
}

/** `{}` says nothing to a recorded server, and `_json` is the wrapper of what is not an object (PROTOCOL §3). */
function entryBody(body: TypedJson | undefined): TypedJson {
  if (body === undefined) throw badRequest('The body is the value, as JSON with that content type.');
  const { value } = body;
  if (!isObject(value)) return body;
  const keys = Object.keys(value);
  if (keys.length === 0) throw badRequest('The body {} is no value here. POST it with its path instead.');
  return keys.length === 1 && keys[0] === '_json' ? body.at('_json') : body;
}

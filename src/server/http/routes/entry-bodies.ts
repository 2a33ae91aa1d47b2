import type { Hono } from 'hono';
import { isObject } from '../../../protocol/values/value.js';
import type { WriteRequest } from '../../../store/index.js';
import { readJson } from '../body.js';
import type { RequestContext, ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest } from '../../errors.js';
import type { Gate } from '../../access/gate.js';
import { pathOf } from '../parameters.js';
import { ifAbsentOf, ifMatchOf } from '../preconditions.js';
import type { TypedJson } from '../typed-json.js';
import { writeContext } from '../write-context.js';
import { answerReceipt } from './entries.js';

/** `POST` and `DELETE /entries`, with the path in the body: for paths that no URL carries (PROTOCOL §3). */
export function addEntryBodyRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, bounds, writer } = parts;

  // Parameters come before scopes here, as on a recorded server: who probes this one learns what holds there (PROTOCOL §8).
  routes.post('/entries', gate.known('writes'), async (c) => {
    const body = await readFields(c, bounds.body);
    const path = pathOf(body.at('path').value);
    const { value } = body.at('value');
    if (value === undefined) throw badRequest('"value" is missing.');
    const preconditions = { ifMatch: ifMatchOf(body), ifAbsent: ifAbsentOf(body) };
    gate.enter(c, 'entries:write');
    const { store } = c.var;
    const request: WriteRequest = {
      op: 'set',
      path,
      value,
      leafTypes: body.at('value').leafTypes(path),
      ...preconditions,
      ...writeContext(c, imitation),
    };
    return answerReceipt(c, await writer.run(store, 1, () => store.write(request)));
  });

  routes.delete('/entries', gate('entries:write', 'writes'), async (c) => {
    const body = await readFields(c, bounds.body);
    const path = pathOf(body.at('path').value);
    const ifMatch = ifMatchOf(body);
    const { store } = c.var;
    const request: WriteRequest = { op: 'delete', path, ifMatch, ...writeContext(c, imitation) };
    return answerReceipt(c, await writer.run(store, 1, () => store.write(request)));
  });
}

/** A body that is an object of named fields. @throws DustError `invalid_params` */
export async function readFields(c: RequestContext, limit: number): Promise<TypedJson> {
  const body = await readJson(c, limit);
  if (body !== undefined && isObject(body.value)) return body;
  throw badRequest('The body is a JSON object, with that content type.');
}

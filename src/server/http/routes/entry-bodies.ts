import type { Hono } from 'hono';
import { isObject } from '../../../protocol/value.js';
import { readJson } from '../body.js';
import type { RequestContext, ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest } from '../../errors.js';
import type { Gate } from '../../access/gate.js';
import { pathOf, revisionOf } from '../parameters.js';
import type { TypedJson } from '../typed-json.js';
import { writeContext } from '../write-context.js';
import { answerReceipt } from './entries.js';

/** `POST` and `DELETE /entries`, with the path in the body: for paths that no URL carries (PROTOCOL §3). */
export function addEntryBodyRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, bounds } = parts;

  routes.post('/entries', gate('entries:write', 'writes'), async (c) => {
    const body = await readFields(c, bounds.body);
    const path = pathOf(body.at('path').value);
    const { value } = body.at('value');
    if (value === undefined) throw badRequest('"value" is missing.');
    const receipt = await c.var.store.write({
      op: 'set',
      path,
      value,
      leafTypes: body.at('value').leafTypes(path),
      ifMatch: ifMatchOf(body),
      ifAbsent: ifAbsentOf(body),
      ...writeContext(c, imitation),
    });
    return answerReceipt(c, receipt);
  });

  routes.delete('/entries', gate('entries:write', 'writes'), async (c) => {
    const body = await readFields(c, bounds.body);
    const path = pathOf(body.at('path').value);
    const ifMatch = ifMatchOf(body);
    return answerReceipt(
      c,
      await c.var.store.write({ op: 'delete', path, ifMatch, ...writeContext(c, imitation) }),
    );
  });
}

/** A body that is an object of named fields. @throws DustError `invalid_params` */
export async function readFields(c: RequestContext, limit: number): Promise<TypedJson> {
  const body = await readJson(c, limit);
  if (body !== undefined && isObject(body.value)) return body;
  throw badRequest('The body is a JSON object, with that content type.');
}

/** The field `if_match` of an operation. @throws DustError `invalid_params` unless it is a positive integer */
export function ifMatchOf(operation: TypedJson): number | undefined {
  const { value } = operation.at('if_match');
  return value === undefined || value === null ? undefined : revisionOf(value);
}

/** The field `if_absent` of an operation. @throws DustError `invalid_params` unless it is true or false */
export function ifAbsentOf(operation: TypedJson): boolean {
  const { value } = operation.at('if_absent');
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw badRequest('"if_absent" is true or false.');
}

import type { Hono } from 'hono';
import type { WireIndexes } from '../../../protocol/wire/http.js';
import { wireIndex } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import type { Gate } from '../../access/gate.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { indexNotThere } from '../../errors.js';
import { declaredIndexes } from '../index-definitions.js';
import { readFields } from './entry-bodies.js';

/** `GET`, `PUT` and `DELETE /indexes` (PROTOCOL §3, `unique-indexes`). */
export function addIndexRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { features, bounds, builds } = parts;
  if (!features.includes('unique-indexes')) return;

  routes.get('/indexes', gate('entries:read', 'reads'), (c) => {
    const indexes = c.var.store.indexes().map(wireIndex);
    return answerJson(c, { indexes } satisfies WireIndexes);
  });

  // Who may but read learns whether what he counts on holds.
  routes.put('/indexes', gate('entries:read', 'writes'), async (c) => {
    const { prefix, definitions } = declaredIndexes((await readFields(c, bounds.body)).value);
    const { store, access } = c.var;
    if (builds.stand(store, definitions)) return answerJson(c, { state: 'complete' });
    if (!access.scopes.has('entries:write')) throw indexNotThere(prefix, definitions);
    const state = await builds.keep(store, prefix, definitions);
    return answerJson(c, { state }, state === 'complete' ? 200 : 202);
  });

  routes.delete('/indexes', gate('entries:write', 'writes'), async (c) => {
    const { prefix, definitions } = declaredIndexes((await readFields(c, bounds.body)).value);
    let dropped = 0;
    for (const definition of definitions) if (await c.var.store.dropIndex(prefix, definition)) dropped++;
    return answerJson(c, { dropped });
  });
}

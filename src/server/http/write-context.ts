import { randomUUID } from 'node:crypto';
import type { WriteContext } from '../../store/index.js';
import type { RequestContext } from '../environment.js';
import type { Imitation } from '../imitation/imitation.js';

/** Who writes, under which id, and how far the write is told: the same for every write over HTTP (PROTOCOL §3). */
export function writeContext(c: RequestContext, imitation: Imitation): WriteContext {
  return {
    deviceId: c.var.access.deviceId,
    clientOpId: c.req.header('x-request-id') ?? randomUUID(),
    announce: !imitation.has('silent-http-writes'),
    deduplicate: !imitation.has('repeated-writes'),
  };
}

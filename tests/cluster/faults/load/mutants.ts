import { randomUUID } from 'node:crypto';
import type { Ask, Reply, Send } from './asker.js';

/** A server's fault, put between the clients and the nodes: the findings must tell. */
export type Mutant = (send: Send) => Send;

/** How many writes go right before one goes wrong. */
const SELDOM = 40;

const operationOf = ({ body }: Ask): { readonly op?: string; readonly path?: string } =>
  (body as { ops?: { op: string; path: string }[] } | undefined)?.ops?.[0] ?? {};

/** Every so often, of the increments that count exactly. */
const now = (): ((ask: Ask) => boolean) => {
  let count = 0;
  return (ask) => {
    const { op, path = '' } = operationOf(ask);
    return op === 'increment' && path.startsWith('exact/') && ++count % SELDOM === 0;
  };
};

const loses: Mutant = (send) => {
  const isTime = now();
  return async (node, ask, signal) =>
    isTime(ask) ? { status: 200, body: { ops: [], store_seq: 1 } } : send(node, ask, signal);
};

const doubles: Mutant = (send) => {
  const isTime = now();
  return async (node, ask, signal) => {
    if (isTime(ask)) await send(node, { ...ask, id: randomUUID() }, signal);
    return send(node, ask, signal);
  };
};

/** Says of what was read before that it is what there is now. */
const staleReads: Mutant = (send) => {
  const before = new Map<string, Reply>();
  return async (node, ask, signal) => {
    const { op } = operationOf(ask);
    if (op === 'check') return { status: 200, body: { ops: [], store_seq: 1 } };
    const reply = await send(node, ask, signal);
    if (!ask.path.startsWith('/entries/registers/')) return reply;
    const shown = before.get(ask.path) ?? reply;
    before.set(ask.path, reply);
    return shown;
  };
};

/** By their names. */
export const MUTANTS: Readonly<Record<string, Mutant>> = { loses, doubles, 'stale-reads': staleReads };

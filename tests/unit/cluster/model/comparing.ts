import type { Store } from '../../../../src/store/index.js';
import { inspect, isDeepStrictEqual } from 'node:util';
import { PLAIN, UNIQUE } from './asked.js';
import type { Asker, Attempt } from './asked.js';
import type { Member } from './member.js';
import type { Oracle } from './oracle.js';

const WINDOW = 600_000;

/** All that can be seen of a store. */
export function stateOf(store: Store): Record<string, unknown> {
  const status = store.status();
  const records = store.records('r');
  const indexed = [PLAIN, UNIQUE].map((index) => {
    const stands = records.indexes.some(({ unique }) => unique === index.unique);
    return stands ? [...records.walk({ by: 'index', index, ranges: [{ equal: [] }] })] : 'none';
  });
  const step = Math.max(1, Math.floor(status.storeSeq / 10));
  const since = Array.from({ length: Math.floor(status.storeSeq / step) + 1 }, (_, i) => i * step);
  return {
    leaves: store.list({ pattern: '**' }).items,
    status,
    log: store.log(),
    catchUps: since.map((seq) => store.catchUp(seq)),
    snapshot: [...store.snapshotLeaves()],
    kept: store.indexes().filter(({ isKept }) => isKept),
    indexed,
  };
}

/** Throws where a member is not what the log makes of a plain store, or told somebody something else. */
export function compare(members: readonly Member[], oracle: Oracle, asker: Asker): void {
  const right = stateOf(oracle.store);
  for (const { parts, life, lives } of members) {
    const own = stateOf(life.store);
    for (const [name, expected] of Object.entries(right)) {
      assertSame(`${name} of member ${parts.index}`, own[name], expected);
    }
    for (const each of lives) {
      const expected = oracle.commits.filter(({ first }) => first > each.begunAt).slice(0, each.heard.length);
      assertSame(`what a watcher of member ${parts.index} heard`, each.heard, expected);
    }
    const last = oracle.commits.filter(({ first }) => first > life.begunAt);
    assertSame(`how much a watcher of member ${parts.index} heard`, life.heard.length, last.length);
  }
  for (const attempt of asker.attempts) assertTrue(attempt, oracle);
  assertOnce(oracle);
}

/** Whether somebody was told what is so. */
function assertTrue({ device, what, fate }: Attempt, oracle: Oracle): void {
  if (['compact', 'keepIndexes', 'dropIndex', 'useIndexes', 'barrier'].includes(what)) return;
  const outcomes = oracle.outcomes.get(device) ?? [];
  if (outcomes.length > 1) throw new Error(`${what} of ${device} was ordered ${outcomes.length} times`);
  if ('unknown' in fate) return;
  if ('never' in fate || 'open' in fate) {
    if (outcomes.length > 0) throw new Error(`${what} of ${device} was ordered, and is ${inspect(fate)}`);
    return;
  }
  const [outcome] = outcomes;
  assertSame(`what ${what} of ${device} came to`, withoutPath(fate), outcome);
}

/** No id counts twice within the time in which it is known. */
function assertOnce({ applied }: Oracle): void {
  const last = new Map<string, number>();
  for (const { operation, time } of applied) {
    const { clientOpId } = operation;
    if (clientOpId === null || clientOpId.startsWith('rollback:')) continue;
    const before = last.get(clientOpId);
    if (before !== undefined && time - before < WINDOW) throw new Error(`${clientOpId} counted twice`);
    last.set(clientOpId, time);
  }
}

function withoutPath(fate: object): unknown {
  if (!('done' in fate) || typeof fate.done !== 'object' || fate.done === null || !('path' in fate.done)) {
    return fate;
  }
  const { path: _, ...done } = fate.done;
  return { done };
}

function assertSame(what: string, own: unknown, expected: unknown): void {
  if (isDeepStrictEqual(own, expected)) return;
  const text = (value: unknown): string => inspect(value, { depth: 8, breakLength: 140 }).slice(0, 1_500);
  throw new Error(`${what} is\n${text(own)}\nand not\n${text(expected)}`);
}

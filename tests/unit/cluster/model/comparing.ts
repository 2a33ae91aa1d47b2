import type { Commit } from '../../../../src/protocol/requests/operation.js';
import type { Store } from '../../../../src/store/index.js';
import { MemoryLeafTree, applyChanges, changesOf, differenceOf } from '../../../../src/store/index.js';
import { inspect } from 'node:util';
import { isSame } from '../../store/model/comparison.js';
import { PLAIN, UNIQUE } from './asked.js';
import type { Asker, Attempt } from './asked.js';
import type { Life, Member } from './member.js';
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
      const rest = unheard(each, oracle, `what a watcher of member ${parts.index} heard`);
      if (each === life && rest > each.restored) {
        throw new Error(`a watcher of member ${parts.index} did not hear of ${rest} commits`);
      }
    }
  }
  for (const attempt of asker.attempts) assertTrue(attempt, oracle);
  assertOnce(oracle);
}

/**
 * Throws where a watcher heard something else than the commits of the store in their order, but for those that a snapshot took the place of:
 * then it heard what differs. Returns how many it has not heard of.
 */
function unheard({ begunAt, heard, restored }: Life, oracle: Oracle, what: string): number {
  if (begunAt === undefined) return 0;
  const expected = oracle.commits.filter(({ first }) => first > begunAt);
  if (restored === 0) {
    assertSame(what, heard, expected.slice(0, heard.length));
    return expected.length - heard.length;
  }
  let [next, at, left] = [0, begunAt, restored];
  for (const commit of heard) {
    if (!isSame(commit, expected[next])) {
      if (left-- === 0) assertSame(what, commit, expected[next]);
      // It may have heard nothing of what came to nothing.
      const found = expected.findIndex((each, i) => i > next && isSame(commit, each));
      if (found === -1) assertDifference(commit, at, oracle, what);
      else if (!hasNothingToTell(at, commit.first - 1, oracle)) {
        throw new Error(`${what} lacks what differs between the states at ${at} and ${commit.first - 1}`);
      }
      next = found === -1 ? expected.findIndex(({ first }) => first > commit.last) : found;
      if (next === -1) next = expected.length;
      if (found === -1) {
        at = commit.last;
        continue;
      }
    }
    at = commit.last;
    next++;
  }
  const last = expected.slice(next);
  const isTold = last.length === 0 || (left > 0 && hasNothingToTell(at, last.at(-1)!.last, oracle));
  return isTold ? 0 : last.length + restored;
}

/** Whether there is nothing to tell to whoever has heard of all up to a seq, when another state takes the place of that one. */
function hasNothingToTell(told: number, now: number, oracle: Oracle): boolean {
  return differenceOf([...treeAt(oracle, told).range({})], [...treeAt(oracle, now).range({})]).length === 0;
}

/** Throws unless a commit is what differs between some state since a seq and its own. */
function assertDifference(commit: Commit, since: number, oracle: Oracle, what: string): void {
  const told = commit.operations.map(({ op, path, value }) => [path, op, value]);
  const after = [...treeAt(oracle, commit.last).range({})];
  for (let seq = since; seq < commit.last; seq++) {
    const changes = differenceOf([...treeAt(oracle, seq).range({})], after);
    const expected = changes.map((change) => [
      change.path,
      change.after === undefined ? 'delete' : 'set',
      change.after?.value ?? null,
    ]);
    if (isSame(told, expected)) return;
  }
  throw new Error(
    `${what} is no commit, and not what differs from a state since ${since}: ${inspect(commit)}`,
  );
}

/** The leaves as the operations up to a seq leave them. */
function treeAt({ applied }: Oracle, seq: number): MemoryLeafTree {
  const tree = new MemoryLeafTree();
  for (const { operation } of applied) {
    if (operation.storeSeq <= seq) applyChanges(changesOf(operation, tree), tree);
  }
  return tree;
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
  if (isSame(own, expected)) return;
  const text = (value: unknown): readonly string[] => inspect(value, SHOWN).split('\n');
  const [ours, theirs] = [text(own), text(expected)];
  // What they have in common tells nothing, and may be long.
  const first = Math.max(0, ours.findIndex((line, i) => line !== theirs[i]) - 3);
  const part = (lines: readonly string[]): string => lines.slice(first, first + 30).join('\n');
  throw new Error(`${what} is, from line ${first} on,\n${part(ours)}\nand not\n${part(theirs)}`);
}

const SHOWN = { depth: 8, breakLength: 140, maxArrayLength: null, maxStringLength: 1_000 };

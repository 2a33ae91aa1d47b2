import { jsonEquals } from '../../../../src/protocol/values/json.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { SyncWrite } from '../../../../src/sync/engine-types.js';
import type { SimulatedClient } from './client.js';
import type { LoggedOperation } from './history.js';
import type { SimulatedServer } from './server.js';
import { slugOf } from './subscriber.js';
import type { Written } from './written.js';

/** What is wrong with a client when nothing happens any more: its mirror, and what its subscribers know. */
export function mirrorFaults(client: SimulatedClient, server: SimulatedServer): string[] {
  const truth = server.leaves().filter((leaf) => client.keeps(leaf));
  const { subscriber } = client;
  return [
    ...leafFaults(`${client.name}'s mirror`, client.leaves(), truth, client.snapshotSeq),
    ...leafFaults(`${client.name}'s operations`, subscriber.leaves(), truth),
    ...leafFaults(
      `${client.name}'s records`,
      subscriber.recordLeaves(),
      truth.filter(({ path }) => slugOf(path) !== undefined),
    ),
    ...subscriber.complaints.map((complaint) => `${client.name}'s subscriber ${complaint}`),
  ];
}

/**
 * Where leaves are not those of the server. Revisions are compared when `bound` is given: an older one is only known
 * to be no greater than the last snapshot (PROTOCOL §5.6).
 */
function leafFaults(what: string, leaves: readonly Leaf[], truth: readonly Leaf[], bound?: number): string[] {
  const faults: string[] = [];
  const expected = new Map(truth.map((leaf) => [leaf.path, leaf]));
  for (const leaf of leaves) {
    const right = expected.get(leaf.path);
    expected.delete(leaf.path);
    if (right === undefined) faults.push(`${what} hold ${show(leaf)}, which is gone`);
    else if (!jsonEquals(leaf.value, right.value) || leaf.type !== right.type) {
      faults.push(`${what} hold ${show(leaf)} instead of ${show(right)}`);
    } else if (bound !== undefined && !isRevisionRight(leaf.revision, right.revision, bound)) {
      faults.push(`${what} hold revision ${leaf.revision} instead of ${right.revision} at ${leaf.path}`);
    }
  }
  for (const missing of expected.values()) faults.push(`${what} lack ${show(missing)}`);
  return faults;
}

function isRevisionRight(revision: number, right: number, bound: number): boolean {
  return revision === right || (revision <= bound && right <= bound);
}

/**
 * What is wrong with the writes: acknowledged ones that are not there once, refused ones that are there. `snapshotOf`: the
 * greatest seq of a snapshot that a client was sent.
 */
export function writeFaults(
  writes: readonly Written[],
  server: SimulatedServer,
  snapshotOf: (client: string) => number,
): string[] {
  const histories = [...server.lostHistories, server.history];
  const committed = histories.map(({ operations }) => byClientOp(operations));
  return writes.flatMap((written) => {
    const { clientOpId, outcome, client, write } = written;
    const name = `${client}'s ${write.op} ${clientOpId}`;
    const found = committed.map((operations) => operations.get(clientOpId) ?? []);
    const seqs = found.map((operations) => operations.map(({ operation }) => operation.storeSeq));
    const faults: string[] = [];
    found.forEach((operations, i) => {
      if (operations.length > 1 && !mayBeRepeated(write, operations, snapshotOf(client))) {
        faults.push(`${name} was committed as ${seqs[i]!.join(' and ')}`);
      }
    });
    const all = seqs.flat();
    if (outcome.kind === 'pending') faults.push(`${name} is pending for ever`);
    // A restore undoes what is not in the last history: what is sent again afterwards may be refused.
    const standing = seqs.at(-1) ?? [];
    if (outcome.kind === 'refused' && standing.length > 0) {
      faults.push(`${name} was refused with ${outcome.error} and committed as ${standing.join()}`);
    }
    if (outcome.kind === 'committed' && all.length === 0) {
      faults.push(`${name} was said to be committed and is not there`);
    }
    if (outcome.kind === 'acknowledged' && !all.includes(outcome.storeSeq)) {
      faults.push(`${name} was acknowledged as ${outcome.storeSeq} and committed as ${all.join()}`);
    }
    return faults;
  });
}

/** Writes that did not wait for their turn, where nothing but a rate limit was in their way. */
export function impatienceFaults(writes: readonly Written[]): string[] {
  return writes.flatMap(({ client, clientOpId, write, outcome }) => {
    const isImpatient =
      outcome.kind === 'refused' && (outcome.error === 'timeout' || outcome.error === 'rate_limited');
    return isImpatient ? [`${client}'s ${write.op} ${clientOpId} failed with ${outcome.error}`] : [];
  });
}

/** Whether a counter that is only ever incremented is the sum of what was acknowledged or reported unknown. */
export function counterFaults(path: string, writes: readonly Written[], server: SimulatedServer): string[] {
  if (server.lostHistories.length > 0) return [];
  const increments = writes.filter(({ write }) => write.op === 'increment' && write.path === path);
  const committed = byClientOp(server.history.operations);
  const expected = increments
    .filter(({ outcome: { kind }, clientOpId }) => {
      const isThere = kind === 'acknowledged' || kind === 'committed';
      return isThere || (kind === 'unknown' && committed.has(clientOpId));
    })
    .reduce((sum, { write }) => sum + Number(write.value), 0);
  const value = server.getMany([path]).get(path)?.value ?? 0;
  return value === expected ? [] : [`${path} is ${JSON.stringify(value)} and not ${expected}`];
}

/**
 * Whether a write may be there several times: one that changes nothing when repeated, sent while no fence was up or taken in by
 * a snapshot, which does not tell of it (PROTOCOL §5.5).
 */
function mayBeRepeated(
  { op, ifMatch, ifAbsent }: SyncWrite,
  committed: readonly LoggedOperation[],
  snapshotSeq: number,
): boolean {
  const isRepeatable = op === 'set' || op === 'delete' || op === 'merge';
  const isSkipped = committed.slice(0, -1).every(({ operation }) => operation.storeSeq <= snapshotSeq);
  return (
    isRepeatable &&
    ifMatch === undefined &&
    ifAbsent === undefined &&
    (isSkipped || committed.some(({ isFenced }) => !isFenced))
  );
}

function byClientOp(operations: readonly LoggedOperation[]): ReadonlyMap<string, readonly LoggedOperation[]> {
  const found = new Map<string, LoggedOperation[]>();
  for (const logged of operations) {
    const { clientOpId } = logged.operation;
    if (clientOpId === null) continue;
    const known = found.get(clientOpId);
    if (known === undefined) found.set(clientOpId, [logged]);
    else known.push(logged);
  }
  return found;
}

function show({ path, value, type, revision }: Leaf): string {
  return `${path} = ${JSON.stringify(value)} (${type}, revision ${revision})`;
}

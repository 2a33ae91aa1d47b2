import {
  MAX_FRAME_BYTES,
  MAX_FRAME_OPERATIONS,
  MAX_FRAME_PROPOSALS,
} from '../../../../src/cluster/frame/frame.js';
import type { Proposal } from '../../../../src/cluster/frame/proposal.js';
import { notSent } from '../../../../src/cluster/errors.js';
import { PendingProposal } from '../../../../src/cluster/propose/pending.js';
import type { QueueLimits } from '../../../../src/cluster/propose/proposal-queue.js';
import { ProposalQueue } from '../../../../src/cluster/propose/proposal-queue.js';
import { refusalOf } from '../../store/open-store.js';

const MANY: QueueLimits = { proposals: 100_000, bytes: 1e9 };
const BARRIER: Proposal = { kind: 'barrier' };
const BARRIER_BYTES = Buffer.byteLength(JSON.stringify(BARRIER));
const INDEX: Proposal = { kind: 'keepIndexes', prefix: 'r', definitions: [] };

function add(queue: ProposalQueue, proposal: Proposal = BARRIER): PendingProposal {
  const pending = new PendingProposal(proposal);
  queue.add(pending);
  return pending;
}

function batch(operations: number, value = ''): Proposal {
  const commands = Array.from({ length: operations }, () => ({ op: 'set', path: 'a', value }) as const);
  return { kind: 'commit', by: { deviceId: null, clientOpId: 'x' }, commands, isBatch: true };
}

const expectFull = async (queue: ProposalQueue, proposal = BARRIER): Promise<void> => {
  expect(await refusalOf(() => add(queue, proposal))).toMatchObject({
    kind: 'rate_limited',
    detail: 'queue_full',
    retryable: true,
  });
};

describe('what a node holds', () => {
  it('is bounded in number, until it is released', async () => {
    const queue = new ProposalQueue({ ...MANY, proposals: 2 });
    add(queue);
    add(queue);
    await expectFull(queue);
    const taken = queue.take();
    expect(queue.size).toBe(0);
    await expectFull(queue);
    queue.release(taken.slice(0, 1));
    add(queue);
    await expectFull(queue);
  });

  it('is bounded in bytes, and one alone may be larger', async () => {
    const queue = new ProposalQueue({ ...MANY, bytes: 2 * BARRIER_BYTES });
    add(queue);
    add(queue);
    await expectFull(queue);
    queue.release(queue.take());
    add(queue, batch(1, 'x'.repeat(100)));
    await expectFull(queue);
  });

  it('is less when a caller has gone: what is not sent makes room, what was sent does not', async () => {
    const queue = new ProposalQueue({ ...MANY, proposals: 2 });
    const [first, second] = [add(queue), add(queue)];
    queue.leave(first);
    queue.leave(first);
    expect(queue.size).toBe(1);
    add(queue);
    await expectFull(queue);
    const taken = queue.take();
    queue.leave(second);
    await expectFull(queue);
    queue.release(taken);
    add(queue);
    add(queue);
    await expectFull(queue);
  });

  it('goes with all that wait', () => {
    const queue = new ProposalQueue({ ...MANY, proposals: 3 });
    add(queue);
    queue.take();
    const [second, third] = [add(queue), add(queue)];
    expect(queue.drain()).toEqual([second, third]);
    for (let i = 0; i < 3; i++) add(queue);
  });
});

describe('a frame', () => {
  it.each<[string, Proposal, number]>([
    ['proposals', BARRIER, MAX_FRAME_PROPOSALS],
    ['operations', batch(1_000), MAX_FRAME_OPERATIONS / 1_000],
    ['bytes', batch(1, 'x'.repeat(MAX_FRAME_BYTES / 8)), 7],
  ])('has no more than so many %s', (_, proposal, most) => {
    const queue = new ProposalQueue(MANY);
    for (let i = 0; i < 2 * most + 1; i++) add(queue, proposal);
    expect([queue.take(), queue.take(), queue.take(), queue.take()].map(({ length }) => length)).toEqual([
      most,
      most,
      1,
      0,
    ]);
  });

  it('has a larger one alone', () => {
    const queue = new ProposalQueue(MANY);
    for (const proposal of [BARRIER, batch(1, 'x'.repeat(MAX_FRAME_BYTES)), BARRIER]) add(queue, proposal);
    expect([queue.take(), queue.take(), queue.take()].map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('has indexes alone, in their place', () => {
    const queue = new ProposalQueue(MANY);
    const all = [BARRIER, BARRIER, INDEX, INDEX, BARRIER].map((proposal) => add(queue, proposal));
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      all.slice(0, 2),
      all.slice(2, 3),
      all.slice(3, 4),
      all.slice(4),
    ]);
  });
});

it('what was passed over comes first again, without those that nobody waits for', async () => {
  const queue = new ProposalQueue({ ...MANY, proposals: 3 });
  const [first, second] = [add(queue), add(queue)];
  const taken = queue.take();
  const third = add(queue);
  second.reject(notSent(1));
  await second.outcome.catch(() => undefined);
  queue.putBack(taken);
  add(queue);
  await expectFull(queue);
  expect(queue.take().slice(0, 2)).toEqual([first, third]);
});

import type { AppliedFrame } from '../../../../src/cluster/apply/frame-applier.js';
import { halted, proposalTooLarge } from '../../../../src/cluster/errors.js';
import { decodeFrame } from '../../../../src/cluster/frame/frame.js';
import type { Proposal } from '../../../../src/cluster/frame/proposal.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { Proposer } from '../../../../src/cluster/propose/proposer.js';
import { DustError } from '../../../../src/errors.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';

const BARRIER: Proposal = { kind: 'barrier' };

class World {
  readonly clock = new TestClock();
  readonly memory = new MemoryLog({ clock: this.clock });
  readonly failures: unknown[] = [];
  /** What the next appends fail with, before they reach the log. */
  readonly faults: (DustError | undefined)[] = [];
  appends = 0;
  position = 0;
  readonly proposer = new Proposer({
    log: {
      ...this.memory.connect(),
      name: 'faulty',
      append: async (bytes, { signal } = {}) => {
        this.appends++;
        await Promise.resolve();
        if (signal?.aborted === true) throw new DustError('aborted', 'called off');
        const fault = this.faults.shift();
        if (fault !== undefined) throw fault;
        return this.memory.append(bytes);
      },
    },
    clock: this.clock,
    random: () => 1,
    writeTimeout: 1_000,
    limits: { proposals: 10, bytes: 1e6 },
    level: () => 1,
    applied: () => ({ position: this.position, digest: '', fingerprint: undefined }),
    onFailure: (error) => this.failures.push(error),
  });

  /** This node applies what is next in the log. */
  apply(standing: AppliedFrame['standing'] = 'new'): void {
    const [entry] = this.memory.read(++this.position, 1);
    const frame = decodeFrame(entry!.bytes, this.position);
    const done = { done: { operations: [], storeSeq: this.position } };
    this.proposer.applied({
      frame,
      standing,
      outcomes: standing === 'new' ? frame.proposals.map(() => done) : [],
    });
  }
}

const lost = new DustError('network', 'lost');

describe('a proposer', () => {
  it('sends what is asked in one turn together, and the next in order', async () => {
    const { memory, proposer } = new World();
    void proposer.propose(BARRIER);
    void proposer.propose(BARRIER);
    await goOn();
    void proposer.propose(BARRIER).catch(() => undefined);
    await goOn();
    const frames = memory.read(1, 1e6).map(({ bytes, position }) => decodeFrame(bytes, position));
    expect(frames.map(({ number, proposals }) => [number, proposals.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(frames[0]!.session).toEqual(frames[1]!.session);
  });

  it('waits for what it has sent to be applied, and leaves the event loop to others', async () => {
    const world = new World();
    const { memory, proposer } = world;
    const all: Promise<unknown>[] = [];
    for (let i = 0; i < 10; i++) {
      all.push(proposer.propose(BARRIER));
      await goOn();
    }
    expect(memory.bounds.last).toBe(8);
    world.apply();
    await goOn();
    expect(memory.bounds.last).toBe(9);
    for (let i = 0; i < 8; i++) world.apply();
    await Promise.all(all);
    expect(world.clock.pending).toBe(0);
  });

  it('sends the same frame again until the log has it, at growing distances', async () => {
    const world = new World();
    world.faults.push(lost, lost, lost);
    const outcome = world.proposer.propose(BARRIER);
    await goOn();
    expect([world.appends, world.failures.length]).toEqual([1, 1]);
    await world.clock.advance(50);
    await world.clock.advance(99);
    expect(world.appends).toBe(2);
    await world.clock.advance(1);
    await world.clock.advance(200);
    await goOn();
    world.apply();
    expect(await outcome).toEqual({ done: { operations: [], storeSeq: 1 } });
    expect(world.appends).toBe(4);
  });

  it('does not hurry because a frame before was applied', async () => {
    const world = new World();
    const first = world.proposer.propose(BARRIER);
    await goOn();
    world.apply();
    await first;
    world.faults.push(lost, lost);
    void world.proposer.propose(BARRIER).catch(() => undefined);
    await goOn(6);
    expect(world.appends).toBe(2);
    await world.proposer.close();
  });

  it('says what it knows when time is up, and makes room', async () => {
    const world = new World();
    world.faults.push(...Array.from({ length: 100 }, () => lost));
    const sent = refusalOf(world.proposer.propose(BARRIER));
    await goOn();
    const waiting = Array.from({ length: 9 }, () => refusalOf(world.proposer.propose(BARRIER)));
    expect(await refusalOf(world.proposer.propose(BARRIER))).toMatchObject({ kind: 'rate_limited' });
    await world.clock.advance(1_000);
    expect(await sent).toMatchObject({ kind: 'indeterminate' });
    for (const each of waiting) expect(await each).toMatchObject({ kind: 'timeout', detail: 'not_sent' });
    // Room for all that may be held, but for the frame that is still being sent.
    const later = Array.from({ length: 9 }, () => refusalOf(world.proposer.propose(BARRIER)));
    expect(await refusalOf(world.proposer.propose(BARRIER))).toMatchObject({ kind: 'rate_limited' });
    await world.proposer.close();
    for (const each of later) expect(await each).toMatchObject({ kind: 'closed' });
    expect(world.memory.bounds.last).toBe(0);
  });

  it('sends in a new session what all pass over in the old one', async () => {
    const world = new World();
    const outcomes = [world.proposer.propose(BARRIER)];
    await goOn();
    outcomes.push(world.proposer.propose(BARRIER));
    await goOn();
    world.apply('forgotten');
    await goOn();
    const frames = world.memory.read(1, 1e6).map(({ bytes, position }) => decodeFrame(bytes, position));
    expect(frames.map(({ number, proposals }) => [number, proposals.length])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
    ]);
    expect(frames[2]!.session).toEqual({ id: expect.not.stringMatching(frames[0]!.session.id), since: 1 });
    world.apply('forgotten');
    world.apply();
    expect(await Promise.all(outcomes)).toHaveLength(2);
    expect(world.memory.bounds.last).toBe(3);
  });

  it.each(['unanswered', 'twice'])('answers once what the log has %s', async (how) => {
    const world = new World();
    const outcome = world.proposer.propose(BARRIER);
    await goOn();
    if (how === 'twice') world.memory.append(world.memory.read(1, 1)[0]!.bytes);
    world.apply();
    if (how === 'twice') world.apply('seen');
    expect(await outcome).toEqual({ done: { operations: [], storeSeq: 1 } });
  });

  it('refuses what no frame may hold, before anything is sent', async () => {
    const world = new World();
    const value = 'x'.repeat(16_777_216);
    const by = { deviceId: null, clientOpId: 'x' };
    const proposal: Proposal = { kind: 'commit', by, commands: [{ op: 'set', path: 'a', value }] };
    expect(await refusalOf(world.proposer.propose(proposal))).toMatchObject({
      kind: 'invalid_params',
      detail: 'write_too_large',
    });
    expect(world.clock.pending).toBe(0);
  });

  it.each([
    ['certain', [], 'invalid_params'],
    ['unknown, because it was sent before', [lost], 'indeterminate'],
  ])('goes on when the log takes no frame of that size: what became of it is %s', async (_, before, kind) => {
    const world = new World();
    world.faults.push(...before, proposalTooLarge(2_000_000, 1_000_000));
    const large = refusalOf(world.proposer.propose(BARRIER));
    await goOn();
    await world.clock.advance(50);
    expect(await large).toMatchObject({ kind });
    const next = world.proposer.propose(BARRIER);
    await goOn();
    const frames = world.memory.read(1, 1e6).map(({ bytes, position }) => decodeFrame(bytes, position));
    // Its number is taken by a frame that does nothing: of the two, only the first one in the log counts.
    expect(frames.map(({ number, proposals }) => [number, proposals.length])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    world.apply();
    world.apply();
    expect(await next).toEqual({ done: { operations: [], storeSeq: 2 } });
    expect(world.clock.pending).toBe(0);
  });

  it('is not kept busy by a log that takes nothing at all', async () => {
    const world = new World();
    const refused = proposalTooLarge(2_000_000, 0);
    world.faults.push(refused, refused, refused);
    void refusalOf(world.proposer.propose(BARRIER));
    await goOn(10);
    expect(world.appends).toBe(2);
    await world.proposer.close();
  });

  it('ends with what it knows of each, and leaves nothing', async () => {
    const world = new World();
    world.faults.push(lost);
    const sent = refusalOf(world.proposer.propose(BARRIER));
    await goOn();
    const waiting = refusalOf(world.proposer.propose(BARRIER));
    world.proposer.end(halted(new DustError('storage', 'The disk is full.')));
    expect(await sent).toMatchObject({ kind: 'indeterminate' });
    expect((await sent).message).toMatch(/The disk is full/);
    expect(await waiting).toMatchObject({ detail: 'halted' });
    await world.proposer.close();
    expect(await refusalOf(world.proposer.propose(BARRIER))).toMatchObject({ detail: 'halted' });
    expect(world.clock.pending).toBe(0);
  });
});

import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import { Calls } from '../../../../src/sync/connection/calls.js';
import { Connection } from '../../../../src/sync/connection/connection.js';
import type { Linker } from '../../../../src/sync/index.js';
import { SessionSweep } from '../../../../src/sync/session/session-sweep.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm, ok } from '../engine-bench.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Clocks differ: a lease must have been over for so long. */
const MARGIN = 10 * MINUTE;

let clock: TestClock;
let link: FakeLink;
let connection: Connection;
let calls: Calls;
let sweep: SessionSweep;
let leaves: Map<string, Leaf>;
let asked: (readonly string[])[];
let isReadable: boolean;

beforeEach(() => {
  clock = new TestClock(0);
  leaves = new Map();
  asked = [];
  isReadable = true;
  const linker: Linker = { open: (handlers) => (link = new FakeLink(handlers)) };
  const ignore = (): undefined => undefined;
  const handlers = { onJoined: ignore, onMessage: ignore, onEnd: ignore };
  connection = new Connection({ linker, clock, pushTimeout: 100 * HOUR, handlers }, 0);
  calls = new Calls(connection, clock, new RateLimit({ clock, onHolding: () => undefined }));
  let ids = 0;
  sweep = new SessionSweep({
    reader: {
      getMany: (paths) => {
        asked.push(paths);
        return isReadable ? Promise.resolve(leaves) : Promise.reject(new Error('no route'));
      },
    },
    clock,
    makeId: () => `sweep:${++ids}`,
    isOwn: (key) => key === '_dust:session/own',
  });
});

afterEach(() => {
  calls.stop();
  connection.close();
  expect(clock.pending).toBe(0);
});

const lease = (expiresAt: number) => ({ _type: 'lease', token: 1, expires_at: expiresAt, holder: 'them' });

function seen(op: CommittedOperation['op'], name: string, expiresAt: number): void {
  const path = `_dust:session/${name}`;
  sweep.see({ storeSeq: 1, op, path, value: lease(expiresAt), deviceId: 'them', clientOpId: 'x' });
}

/** The session is there, and was taken when it was last seen. */
function left(name: string, expiresAt: number, revision = 7): void {
  seen('lease', name, expiresAt);
  const path = `_dust:session/${name}`;
  leaves.set(path, { path, value: lease(expiresAt), type: 'lease', revision });
}

/** What a sweep takes away. */
async function swept(): Promise<unknown[]> {
  const before = link.writes.length;
  void sweep.run(calls);
  for (let answered = before; ; answered++) {
    await calm();
    const write = link.writes[answered];
    if (write === undefined) break;
    write.reply(ok({ store_seq: 100 + answered }));
  }
  return link.writes.slice(before).map(({ payload }) => payload);
}

describe('the sweep of sessions that crashed engines have left (PROTOCOL §7)', () => {
  it('deletes those that have been over for a while, unless somebody has written them since', async () => {
    left('dead', MINUTE, 7);
    left('fresh', MINUTE + 1);
    await clock.advance(MINUTE + MARGIN + 1);
    expect(await swept()).toEqual([
      { op: 'delete', path: '_dust:session/dead', value: null, if_match: 7, client_op_id: 'sweep:1' },
    ]);
    expect(asked).toEqual([['_dust:session/dead']]);
  });

  it('leaves alone what was renewed, in what it has seen or in what it reads', async () => {
    left('renewed', MINUTE);
    seen('renew', 'renewed', 2 * HOUR);
    left('renewed-unseen', MINUTE);
    const path = '_dust:session/renewed-unseen';
    leaves.set(path, { path, value: lease(2 * HOUR), type: 'lease', revision: 9 });
    await clock.advance(HOUR);
    expect(await swept()).toEqual([]);
    expect(asked).toEqual([[path]]);
  });

  it('leaves alone what is released, its own, no lease any more, or no session', async () => {
    left('released', MINUTE);
    seen('release', 'released', MINUTE);
    left('own', MINUTE);
    left('overwritten', MINUTE);
    const path = '_dust:session/overwritten';
    leaves.set(path, { path, value: 'a note', type: 'string', revision: 9 });
    left('gone', MINUTE);
    leaves.delete('_dust:session/gone');
    const value = lease(MINUTE);
    sweep.see({ storeSeq: 1, op: 'lease', path: 'jobs/a', value, deviceId: 'them', clientOpId: 'x' });
    await clock.advance(HOUR);
    expect(await swept()).toEqual([]);
    expect(asked).toEqual([['_dust:session/overwritten', '_dust:session/gone']]);
  });

  it('runs once an hour, for a few of them at a time', async () => {
    for (let n = 0; n < 20; n++) left(`dead-${n}`, MINUTE);
    await clock.advance(HOUR);
    expect(await swept()).toHaveLength(16);
    await clock.advance(HOUR - 1);
    expect(await swept()).toEqual([]);
    await clock.advance(1);
    expect(await swept()).toHaveLength(4);
  });

  it('fails silently, and tries the same ones again an hour later', async () => {
    left('dead', MINUTE);
    await clock.advance(HOUR);
    isReadable = false;
    expect(await swept()).toEqual([]);
    isReadable = true;
    await clock.advance(HOUR);
    expect(await swept()).toHaveLength(1);
  });

  it('are no sessions where no lease says when it ends', async () => {
    const past = -HOUR;
    const values = [
      null,
      'x',
      [],
      { expires_at: past },
      { _type: 'lease' },
      { _type: 'lease', expires_at: 'x' },
    ];
    for (const [i, value] of values.entries()) {
      const path = `_dust:session/x${i}`;
      sweep.see({ storeSeq: 1, op: 'lease', path, value, deviceId: 'them', clientOpId: 'x' });
    }
    expect(await swept()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are taken away one after the other', async () => {
    for (const name of ['a', 'b']) left(name, -HOUR);
    void sweep.run(calls);
    await calm();
    expect(link.writes).toHaveLength(1);
    link.writes[0]!.reply(ok({}));
    await calm();
    expect(link.writes).toHaveLength(2);
    link.writes[1]!.reply(ok({}));
    await calm();
  });

  it('stay when they were renewed meanwhile, for as long as clocks may differ', async () => {
    left('a', -HOUR);
    const path = '_dust:session/a';
    leaves.set(path, { path, value: lease(-MARGIN + 1), type: 'lease', revision: 8 });
    expect(await swept()).toEqual([]);
    expect(asked).toEqual([[path]]);
  });
});

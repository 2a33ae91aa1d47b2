import { RateLimit } from '../../../../src/sync/connection/rate-limit.js';
import { Calls } from '../../../../src/sync/connection/calls.js';
import { Connection } from '../../../../src/sync/connection/connection.js';
import { Watchdog } from '../../../../src/sync/connection/watchdog.js';
import type { Linker } from '../../../../src/sync/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { FakeLink, calm, ok } from '../engine-bench.js';

const IDLE = 30_000;

let clock: TestClock;
let answers: [current: number, asked: number][];
let storeSeq: number;
let watchdog: Watchdog;
let open: { link: FakeLink; connection: Connection; calls: Calls }[];

beforeEach(() => {
  clock = new TestClock(0);
  answers = [];
  storeSeq = 4;
  open = [];
  watchdog = new Watchdog({
    clock,
    idleTimeout: IDLE,
    storeSeq: () => storeSeq,
    onAnswer: (current, asked) => void answers.push([current, asked]),
  });
});

afterEach(() => {
  watchdog.stop();
  for (const { connection } of open) connection.close();
  expect(clock.pending).toBe(0);
});

/** A connection that stands and has caught up, so that it has no timer of its own. */
async function connect() {
  let link: FakeLink | undefined;
  const linker: Linker = { open: (handlers) => (link = new FakeLink(handlers)) };
  const ignore = (): undefined => undefined;
  const handlers = { onJoined: ignore, onMessage: ignore, onEnd: ignore };
  const connection = new Connection({ linker, clock, pushTimeout: 100 * IDLE, handlers }, 0);
  link!.accept(0);
  link!.complete(0);
  await calm();
  const made = {
    link: link!,
    connection,
    calls: new Calls(connection, clock, new RateLimit({ clock, onHolding: () => undefined })),
  };
  open.push(made);
  return made;
}

const questions = ({ pushes }: FakeLink): number => pushes.filter(({ event }) => event === 'status').length;

describe('Watchdog', () => {
  it('asks when nothing was heard for its time, and tells where the mirror stood by then', async () => {
    const { link, connection, calls } = await connect();
    watchdog.start(connection, calls);
    await clock.advance(IDLE - 1);
    expect(questions(link)).toBe(0);
    await clock.advance(1);
    expect(questions(link)).toBe(1);
    storeSeq = 6;
    link.pushes.at(-1)!.reply(ok({ current_seq: 5 }));
    await calm();
    expect(answers).toEqual([[5, 4]]);
  });

  it('asks later by as much as something was heard later', async () => {
    const { link, connection, calls } = await connect();
    watchdog.start(connection, calls);
    await clock.advance(10_000);
    link.event(1, 'set', 'a', 1);
    await clock.advance(IDLE - 1);
    expect(questions(link)).toBe(0);
    await clock.advance(1);
    expect(questions(link)).toBe(1);
  });

  it('asks no millisecond too early, and none too late', async () => {
    const { link, connection, calls } = await connect();
    watchdog.start(connection, calls);
    await clock.advance(1);
    link.event(1, 'set', 'a', 1);
    await clock.advance(IDLE - 1);
    expect(questions(link)).toBe(0);
    await clock.advance(1);
    expect(questions(link)).toBe(1);
  });

  it('asks again for as long as it is silent, one question at a time', async () => {
    const { link, connection, calls } = await connect();
    watchdog.start(connection, calls);
    await clock.advance(3 * IDLE);
    expect(questions(link)).toBe(1);
    link.pushes.at(-1)!.reply(ok({ current_seq: 4 }));
    await clock.advance(2 * IDLE);
    expect(questions(link)).toBe(2);
  });

  it('says nothing of an answer without a seq', async () => {
    const { link, calls } = await connect();
    void watchdog.ask(calls);
    await calm();
    link.pushes.at(-1)!.reply(ok({}));
    await calm();
    expect(answers).toEqual([]);
  });

  it('watches one connection, the last, and asks it though the one before never answered', async () => {
    const first = await connect();
    watchdog.start(first.connection, first.calls);
    await clock.advance(IDLE);
    const second = await connect();
    watchdog.start(second.connection, second.calls);
    expect(clock.pending).toBe(2);
    await clock.advance(IDLE);
    expect([questions(first.link), questions(second.link)]).toEqual([1, 1]);
  });

  it('asks nobody once it is stopped', async () => {
    const { link, connection, calls } = await connect();
    watchdog.start(connection, calls);
    watchdog.stop();
    expect(clock.pending).toBe(0);
    await clock.advance(2 * IDLE);
    expect(questions(link)).toBe(0);
  });
});

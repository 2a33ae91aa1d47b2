import { fingerprintOf } from '../../../../../src/cluster/log/fingerprint.js';
import type { ReplicatedLog } from '../../../../../src/cluster/log/replicated-log.js';
import { namesOf } from '../../../../../src/cluster/logs/nats/names.js';
import { openNatsLog } from '../../../../../src/cluster/logs/nats/index.js';
import { TestClock } from '../../../../../src/testing/test-clock.js';
import { goOn } from '../../model/turns.js';
import { refusalOf } from '../../../store/open-store.js';
import { describeLog, readAll } from '../describe-log.js';
import { FakeNats } from './fake-nats.js';
import type { Answer } from './fake-stream.js';
import { refused } from './fake-stream.js';

describeLog('NATS, as its tests think of it', () => {
  const driver = new FakeNats();
  const connect = (): Promise<ReplicatedLog> => openNatsLog({ url: 'nats://one', store: 'acme/app', driver });
  return Promise.resolve({ connect });
});

const STORE = 'acme/app';
const { stream, subject } = namesOf(STORE).log;
const MANY = { maxBytes: 1e9 };
const GET = `$JS.API.STREAM.MSG.GET.${stream}`;
const INFO = `$JS.API.STREAM.INFO.${stream}`;

interface World {
  readonly nats: FakeNats;
  readonly clock: TestClock;
  readonly log: ReplicatedLog;
  append(...contents: string[]): Promise<void>;
}

async function open(url = 'nats://one,two', nats = new FakeNats()): Promise<World> {
  const clock = new TestClock();
  const log = await openNatsLog({ url, store: STORE, driver: nats, clock });
  const append = async (...contents: string[]): Promise<void> => {
    for (const content of contents) await log.append(Buffer.from(content));
  };
  return { nats, clock, log, append };
}

function calledOff(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    end: () => {
      controller.abort();
    },
  };
}

describe('the stream of a log', () => {
  it.each([
    ['one server', {}, 1],
    ['several', { cluster: 'c' }, 3],
  ])('is made on first use, with as many copies as are fit: %s', async (_, more, copies) => {
    const { nats, log } = await open();
    nats.info = { ...nats.info, ...more };
    await Promise.all([log.bounds(), log.read(1, MANY), log.append(Buffer.from('a'))]);
    expect(nats.streams.get(stream)?.config).toMatchObject({
      num_replicas: copies,
      storage: 'file',
      discard: 'new',
      allow_direct: false,
      deny_delete: true,
    });
    expect(nats.asked.filter((asked) => asked.startsWith('$JS.API.STREAM.CREATE'))).toHaveLength(1);
  });

  it('is not made with fewer copies because a server is missing', async () => {
    const { nats, log } = await open();
    nats.info = { ...nats.info, cluster: 'c' };
    nats.fateOf = (asked) =>
      asked.startsWith('$JS.API.STREAM.CREATE') ? refused(10_005, 'no suitable peers') : undefined;
    const failure = await refusalOf(log.bounds());
    expect(failure).toMatchObject({ kind: 'network', detail: 'stream_not_made' });
    expect(failure.message).toContain('no suitable peers');
    nats.fateOf = () => undefined;
    expect(await log.bounds()).toEqual({ first: 0, last: 0 });
  });

  it('is not made where it must be there', async () => {
    const { nats, log } = await open();
    const asking = await openNatsLog({ url: 'nats://one', store: STORE, driver: nats, mustExist: true });
    expect(await refusalOf(asking.bounds())).toMatchObject({ kind: 'store_not_found' });
    expect(nats.streams.size).toBe(0);
    await log.append(Buffer.from('a'));
    expect(await asking.bounds()).toEqual({ first: 1, last: 1 });
    expect(await asking.shelf.list('')).toEqual([]);
  });

  it("may be another node's that was faster", async () => {
    const { nats, log } = await open();
    await log.bounds();
    const slower = await open(undefined, nats);
    const fates = [refused(10_059, 'stream not found'), refused(10_058, 'stream name already in use')];
    nats.fateOf = () => fates.shift();
    expect(await slower.log.bounds()).toEqual({ first: 0, last: 0 });
    expect(fates).toEqual([]);
  });

  it.each([
    [{ subjects: ['other'] }, 'subject'],
    [{ retention: 'workqueue' }, 'retention'],
    [{ max_age: 1e9 }, 'max_age'],
    [{ max_msgs_per_subject: 10 }, 'max_msgs_per_subject'],
    [{ max_msgs: 10, discard: 'old' }, 'discard'],
    [{ max_bytes: 10, discard: 'old' }, 'discard'],
    [{ sealed: true }, 'sealed'],
    [{ mirror: { name: 'other' } }, 'copies'],
    [{ sources: [{ name: 'other' }] }, 'copies'],
  ])('is refused when it would lose frames: %j', async (change, why) => {
    const { nats, log } = await open();
    await log.bounds();
    const made = nats.streams.get(stream)!;
    Object.assign(made.config, change);
    const later = await open('nats://one', nats);
    const failure = await refusalOf(later.log.read(1, MANY));
    expect(failure).toMatchObject({ kind: 'storage', detail: 'unfit_stream' });
    expect(failure.message).toContain(why);
  });

  it('is taken as somebody made it when it loses nothing', async () => {
    const { nats, log } = await open();
    await log.bounds();
    Object.assign(nats.streams.get(stream)!.config, { num_replicas: 5, max_bytes: 1e9, storage: 'memory' });
    const later = await open('nats://one', nats);
    expect(await later.log.append(Buffer.from('a'))).toBe(1);
  });

  it('has to take what a frame holds', async () => {
    const { nats, log } = await open();
    nats.info = { max_payload: 500_000 };
    expect(await refusalOf(log.read(1, MANY))).toMatchObject({ kind: 'storage', detail: 'small_messages' });
    expect(nats.clients.size).toBe(0);
  });

  it('is missed for a while before it is gone', async () => {
    const { nats, clock, log, append } = await open();
    await append('a');
    nats.streams.clear();
    expect(await refusalOf(log.bounds())).toMatchObject({ kind: 'network', detail: 'stream_not_found' });
    await clock.advance(29_999);
    expect(await refusalOf(log.read(2, MANY))).toMatchObject({ kind: 'network' });
    await clock.advance(1);
    expect(await refusalOf(log.read(2, MANY))).toMatchObject({ kind: 'storage', detail: 'log_gone' });
  });

  it('that was missed for a moment is not gone the next time', async () => {
    const { nats, clock, log, append } = await open();
    await append('a');
    const held = new Map(nats.streams);
    nats.streams.clear();
    await refusalOf(log.bounds());
    for (const [name, each] of held) nats.streams.set(name, each);
    await log.bounds();
    nats.streams.clear();
    await clock.advance(30_000);
    expect(await refusalOf(log.bounds())).toMatchObject({ kind: 'network' });
  });
});

describe('an append', () => {
  it('is refused for good when no server takes so much', async () => {
    const { nats, log } = await open();
    await log.append(Buffer.alloc(1_047_552));
    const failure = await refusalOf(log.append(Buffer.alloc(1_047_553)));
    expect(failure).toMatchObject({ kind: 'invalid_params', detail: 'write_too_large' });
    expect(failure.message).toContain('1047552');
    expect(nats.streams.get(stream)?.last).toBe(1);
  });

  it('of which the answer is lost is unknown, and is there', async () => {
    const { nats, log } = await open();
    await log.bounds();
    nats.fateOf = (asked) => (asked === subject ? 'unanswered' : undefined);
    expect(await refusalOf(log.append(Buffer.from('a')))).toMatchObject({ kind: 'network', retryable: true });
    expect(await readAll(log)).toHaveLength(1);
  });

  it('is for the stream of that name only', async () => {
    const { nats, log } = await open();
    await log.bounds();
    const taken = nats.streams.get(stream)!;
    nats.streams.clear();
    nats.streams.set('another', taken);
    Object.assign(taken.config, { name: 'another' });
    expect(await refusalOf(log.append(Buffer.from('a')))).toMatchObject({ kind: 'network' });
    expect(taken.last).toBe(0);
  });

  it.each([
    [refused(10_077, 'maximum bytes exceeded'), 'not_carried_out'],
    [{ stream: 'other', seq: 1 }, 'unknown_answer'],
    [{ stream }, 'unknown_answer'],
    [{ stream, seq: -1 }, 'unknown_answer'],
  ])('takes no answer for another: %j', async (answer, detail) => {
    const { nats, log } = await open();
    await log.bounds();
    nats.fateOf = (asked) => (asked === subject ? answer : undefined);
    expect(await refusalOf(log.append(Buffer.from('a')))).toMatchObject({ kind: 'network', detail });
  });
});

describe('a read', () => {
  it('asks for one frame when nothing is known to be there, and for several when they are', async () => {
    const { nats, log, append } = await open();
    await append(...Array.from({ length: 50 }, (_, i) => `${i}`));
    const other = await open(undefined, nats);
    const gets = (): number => nats.asked.filter((asked) => asked === GET).length;
    await other.log.read(50, MANY);
    expect(gets()).toBe(1);
    await other.log.bounds();
    expect(await other.log.read(1, MANY)).toHaveLength(50);
    expect(gets()).toBe(51);
    await log.read(50, MANY);
    expect(gets()).toBe(52);
  });

  it('holds no more than a few frames beyond those that are wanted', async () => {
    const { nats, log } = await open();
    for (let i = 0; i < 40; i++) await log.append(Buffer.alloc(500_000));
    const before = nats.asked.length;
    expect(await log.read(1, { maxBytes: 2_000_000 })).toHaveLength(4);
    expect(nats.asked.length - before).toBeLessThanOrEqual(5);
  });

  it('gives no more than was wanted of what it asked for too much of', async () => {
    const { log, append } = await open();
    await append(...Array.from({ length: 80 }, () => 'a'));
    await readAll(log);
    for (let i = 0; i < 10; i++) await log.append(Buffer.alloc(300_000));
    expect(await log.read(81, { maxBytes: 600_000 })).toHaveLength(2);
  });

  it('believes no news that are wrong', async () => {
    const { nats, log, append } = await open();
    await append('a');
    for (const news of ['1e9', '-4', 'x', '', '900719925474099200', '1.5']) {
      nats.tell(namesOf(STORE).news, news);
    }
    const before = nats.asked.length;
    expect(await log.read(1, MANY)).toHaveLength(1);
    expect(await log.read(2, MANY)).toEqual([]);
    expect(nats.asked.length - before).toBeLessThan(50);
  });

  it('dates frames as the leaders did', async () => {
    const { nats, log, append } = await open();
    await append('a');
    nats.now -= 500;
    await append('b');
    expect((await readAll(log)).map(({ time }) => time)).toEqual([1_000_000, 999_500]);
  });

  it('takes frames that are missing in front of others for trimmed', async () => {
    const { nats, log, append } = await open();
    await append('a', 'b', 'c');
    const held = nats.streams.get(stream)!;
    held.messages = held.messages.filter(({ seq }) => seq !== 2);
    expect(await log.read(1, MANY)).toHaveLength(1);
    expect(await refusalOf(log.read(2, MANY))).toMatchObject({ detail: 'log_trimmed' });
  });

  it.each([
    [{ message: { seq: 1 } }],
    [{ message: { seq: 1, time: 'yesterday', data: 'YQ==' } }],
    [{ message: { seq: 1, time: '2026-01-01T00:00:00Z', data: 5 } }],
    [{ message: { seq: '1', time: '2026-01-01T00:00:00Z' } }],
    [{}],
  ])('takes no answer for another: %j', async (answer) => {
    const { nats, log, append } = await open();
    await append('a');
    nats.fateOf = (asked) => (asked === GET ? answer : undefined);
    expect(await refusalOf(log.read(1, MANY))).toMatchObject({ kind: 'network', detail: 'unknown_answer' });
  });
});

describe('the end of a log', () => {
  const info = (last: number): Answer => ({
    config: {},
    state: { messages: last, first_seq: Math.min(last, 1), last_seq: last },
  });

  it.each(['was appended', 'was read', 'is known'])(
    'that lies before what %s is asked for again, until it is certain',
    async (how) => {
      const first = await open();
      await first.append('a', 'b', 'c');
      const { nats } = first;
      const { log, clock } = how === 'was appended' ? first : await open(undefined, nats);
      await log.bounds();
      if (how === 'was read') await log.read(4, MANY);
      const [entry] = how === 'is known' ? await first.log.read(3, MANY) : [];
      const known = entry && { position: 3, fingerprint: fingerprintOf(entry) };
      nats.fateOf = (asked) => (asked === INFO ? info(2) : undefined);
      expect(await refusalOf(log.bounds({ known }))).toMatchObject({ kind: 'network', detail: 'log_behind' });
      await clock.advance(29_999);
      expect(await refusalOf(log.bounds({ known }))).toMatchObject({ kind: 'network' });
      await clock.advance(1);
      expect(await log.bounds({ known })).toEqual({ first: 1, last: 2 });
    },
  );

  it('that was found in between has to be missed for as long again', async () => {
    const { nats, clock, log, append } = await open();
    await append('a', 'b', 'c');
    nats.fateOf = (asked) => (asked === INFO ? info(2) : undefined);
    await refusalOf(log.bounds());
    await clock.advance(20_000);
    nats.fateOf = () => undefined;
    await log.bounds();
    nats.fateOf = (asked) => (asked === INFO ? info(2) : undefined);
    await clock.advance(20_000);
    expect(await refusalOf(log.bounds())).toMatchObject({ detail: 'log_behind' });
  });
});

describe('connections', () => {
  it('are made when they are needed, and again when they were lost', async () => {
    const { nats, log, append } = await open();
    expect(nats.connects).toHaveLength(0);
    await append('a');
    nats.cut();
    await append('b');
    expect(nats.connects).toHaveLength(2);
    await log.close();
    expect(nats.clients.size).toBe(0);
  });

  it('go to the next server when one does not answer', async () => {
    const { nats, log, append } = await open('nats://one,two,three');
    await append('a');
    nats.fateOf = (_, server) => (server === 'one' ? 'lost' : undefined);
    expect(await refusalOf(log.read(1, MANY))).toMatchObject({ kind: 'network' });
    expect(await log.read(1, MANY)).toHaveLength(1);
    expect(nats.connects.map(({ servers }) => servers)).toEqual([['one'], ['two']]);
    expect(nats.clients.size).toBe(1);
  });

  it('fail while no server is there, and say nothing secret', async () => {
    const { nats, log } = await open('nats://user:pass%21word@one,two');
    nats.down.add('one').add('two');
    const failure = await refusalOf(log.append(Buffer.from('a')));
    expect(failure).toMatchObject({ kind: 'network', detail: 'no_server' });
    expect(failure.message).toBe('None of 2 NATS servers takes a connection: ConnectionError');
    nats.down.clear();
    await log.append(Buffer.from('a'));
    expect(nats.connects.at(-1)).toMatchObject({ user: 'user', pass: 'pass!word', reconnect: false });
    expect(nats.connects.map(({ servers: [server] }) => server)).toEqual(['one', 'two', 'one']);
  });

  it('that do not come about are called off, and when the log is closed no further server is tried', async () => {
    const { nats, log } = await open('nats://one,two');
    let failToConnect: (error: Error) => void = () => undefined;
    nats.connecting = new Promise((_, reject) => {
      failToConnect = reject;
    });
    const { signal, end } = calledOff();
    const asked = [
      refusalOf(log.append(new Uint8Array(1), { signal })),
      refusalOf(log.read(1, { maxBytes: 1, signal })),
      refusalOf(log.bounds({ signal })),
    ];
    const waiting = refusalOf(log.bounds());
    await goOn();
    end();
    for (const each of asked) expect(await each).toMatchObject({ kind: 'aborted' });
    const closing = log.close();
    expect(await waiting).toMatchObject({ kind: 'closed' });
    failToConnect(new Error('too late'));
    await closing;
    expect(nats.connects).toHaveLength(1);
  });

  it('whose server does not answer are called off, and ended with the log', async () => {
    const { nats, log, append } = await open();
    await append('a');
    nats.fateOf = () => 'silent';
    const { signal, end } = calledOff();
    const asked = [
      refusalOf(log.append(new Uint8Array(1), { signal })),
      refusalOf(log.read(1, { maxBytes: 1, signal })),
      refusalOf(log.bounds({ signal })),
    ];
    const waiting = refusalOf(log.bounds());
    await goOn();
    end();
    for (const each of asked) expect(await each).toMatchObject({ kind: 'aborted' });
    await log.close();
    expect(await waiting).toMatchObject({ kind: 'closed' });
    expect(nats.clients.size).toBe(0);
  });

  it('that are being made when the log is closed are closed, too', async () => {
    const { nats, log } = await open();
    const reading = refusalOf(log.read(1, MANY));
    await log.close();
    expect(await reading).toMatchObject({ kind: 'closed' });
    await goOn();
    expect(nats.clients.size).toBe(0);
  });

  it('tell those who watch that they may have missed something', async () => {
    const { nats, log, append } = await open();
    await append('a');
    let heard = 0;
    log.watch(() => heard++);
    nats.cut();
    await log.read(1, MANY);
    expect(heard).toBe(1);
  });
});

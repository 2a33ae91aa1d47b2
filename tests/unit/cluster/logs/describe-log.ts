import { fingerprintOf } from '../../../../src/cluster/log/fingerprint.js';
import type { KnownEntry, LogEntry, ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { isDustError } from '../../../../src/errors.js';
import { refusalOf } from '../../store/open-store.js';
import { describeShelf } from './describe-shelf.js';

/** A log of an engine, new and empty for each test. */
export interface LogOfTest {
  /** A connection of its own to the same log. The suite closes it. */
  connect(): Promise<ReplicatedLog>;
}

const MANY_BYTES = 16_777_216;

const text = (content: string): Uint8Array => Buffer.from(content);

/** All entries from a position on, by as many reads as it takes. */
export async function readAll(log: ReplicatedLog, from = 1, maxBytes = MANY_BYTES): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for (;;) {
    const entries = await log.read(from + all.length, { maxBytes });
    if (entries.length === 0) return all;
    for (const entry of entries) all.push(entry);
  }
}

const contentsOf = (entries: readonly LogEntry[]): string[] =>
  entries.map(({ bytes }) => Buffer.from(bytes).toString());

const knownOf = (entry: LogEntry): KnownEntry => ({
  position: entry.position,
  fingerprint: fingerprintOf(entry),
});

/** What every log does, whatever engine it is made of. */
export function describeLog(engine: string, begin: () => Promise<LogOfTest>): void {
  describe(`a log: ${engine}`, () => {
    const open: ReplicatedLog[] = [];
    let log: LogOfTest;

    async function connect(): Promise<ReplicatedLog> {
      const connected = await log.connect();
      open.push(connected);
      return connected;
    }

    beforeEach(async () => {
      log = await begin();
    });

    afterEach(async () => {
      for (const connected of open.splice(0)) await connected.close();
    });

    it('gives all who append at once places in one order, without holes', async () => {
      const nodes = await Promise.all([connect(), connect(), connect()]);
      const places = new Map<number, string>();
      const appending = nodes.map(async (node, i) => {
        for (let n = 0; n < 10; n++) places.set(await node.append(text(`${i}.${n}`)), `${i}.${n}`);
      });
      await Promise.all(appending);
      const [one, other] = await Promise.all(nodes.slice(1).map((node) => readAll(node)));
      expect(one!.map(({ position }) => position)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(contentsOf(one!)).toEqual([...places].sort(([a], [b]) => a - b).map(([, content]) => content));
      expect(other).toEqual(one);
    });

    it('dates what it takes in, never back, and for all alike', async () => {
      const [one, other] = [await connect(), await connect()];
      for (let i = 0; i < 10; i++) await (i % 2 === 0 ? one : other).append(text(`${i}`));
      const times = (await readAll(one)).map(({ time }) => time);
      expect(times.every(Number.isSafeInteger)).toBe(true);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect((await readAll(other)).map(({ time }) => time)).toEqual(times);
    });

    it('keeps what was appended twice twice', async () => {
      const node = await connect();
      expect([await node.append(text('a')), await node.append(text('a'))]).toEqual([1, 2]);
      expect(contentsOf(await readAll(node))).toEqual(['a', 'a']);
    });

    it('gives back every byte of a large frame', async () => {
      const node = await connect();
      const large = Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * 31) % 256));
      await node.append(large);
      const [entry] = await node.read(1, { maxBytes: 1 });
      expect(Buffer.from(entry!.bytes).equals(large)).toBe(true);
    });

    it('reads on from wherever it is asked to, and nothing behind its end', async () => {
      const [one, other] = [await connect(), await connect()];
      expect(await one.read(1, { maxBytes: MANY_BYTES })).toEqual([]);
      for (let i = 1; i <= 5; i++) await one.append(text(`${i}`));
      expect(contentsOf(await readAll(other, 4))).toEqual(['4', '5']);
      expect(await other.read(6, { maxBytes: MANY_BYTES })).toEqual([]);
      expect(await other.read(60, { maxBytes: MANY_BYTES })).toEqual([]);
      expect(contentsOf(await readAll(one, 2))).toEqual(['2', '3', '4', '5']);
    });

    it('reads no further once there are enough bytes, and one entry at least', async () => {
      const [one, other] = [await connect(), await connect()];
      const frames = Array.from({ length: 12 }, (_, i) => String.fromCharCode(97 + i).repeat(1_000));
      for (const frame of frames) await one.append(text(frame));
      for (const maxBytes of [1, 1_000, 2_500, 5_000]) {
        const some = await other.read(3, { maxBytes });
        const before = some.slice(0, -1).reduce((sum, { bytes }) => sum + bytes.length, 0);
        expect(some.length).toBeGreaterThan(0);
        expect(before).toBeLessThan(maxBytes);
        expect(contentsOf(await readAll(other, 1, maxBytes))).toEqual(frames);
      }
    });

    it('is trimmed from its beginning, and says so', async () => {
      const [one, other] = [await connect(), await connect()];
      expect(await one.bounds()).toEqual({ first: 0, last: 0 });
      for (let i = 1; i <= 5; i++) await one.append(text(`${i}`));
      expect(await other.bounds()).toEqual({ first: 1, last: 5 });
      await one.trim(3);
      await one.trim(2);
      expect(await other.bounds()).toEqual({ first: 4, last: 5 });
      for (const from of [1, 3]) {
        const refused = await refusalOf(other.read(from, { maxBytes: MANY_BYTES }));
        expect(refused).toMatchObject({ kind: 'resync_required', detail: 'log_trimmed' });
      }
      expect(contentsOf(await readAll(other, 4))).toEqual(['4', '5']);
    });

    it('goes on without a hole when all of it was trimmed, however far that was asked for', async () => {
      const [one, other] = [await connect(), await connect()];
      for (let i = 1; i <= 3; i++) await one.append(text(`${i}`));
      await other.trim(9);
      expect(await one.bounds()).toEqual({ first: 0, last: 3 });
      expect(await refusalOf(one.read(3, { maxBytes: 1 }))).toMatchObject({ detail: 'log_trimmed' });
      expect(await one.read(4, { maxBytes: 1 })).toEqual([]);
      expect(await other.append(text('4'))).toBe(4);
      expect(contentsOf(await readAll(one, 4))).toEqual(['4']);
    });

    it('takes in what is behind an entry that it has, and nothing behind one that it has not', async () => {
      const [one, other] = [await connect(), await connect()];
      for (let i = 1; i <= 3; i++) await one.append(text(`${i}`));
      const [first, second] = (await readAll(other)).map(knownOf) as [KnownEntry, KnownEntry];
      expect(await other.append(text('4'), { after: second })).toBe(4);
      for (const after of [
        { ...first, position: 2 },
        { ...second, position: 5 },
        { ...first, fingerprint: '' },
      ]) {
        const refused = await refusalOf(one.append(text('x'), { after }));
        expect(refused).toMatchObject({ kind: 'network', detail: 'other_log', retryable: true });
      }
      await one.trim(2);
      const late = await connect();
      expect(await refusalOf(late.append(text('x'), { after: first }))).toMatchObject({
        detail: 'other_log',
      });
      // Else nobody could go on who has applied no more than was trimmed away.
      expect(await late.append(text('5'), { after: second })).toBe(5);
      await one.trim(5);
      expect(await late.append(text('6'), { after: { ...first, position: 5 } })).toBe(6);
      expect(contentsOf(await readAll(other, 6))).toEqual(['6']);
    });

    it('reads on behind an entry that it has, and tells where it has another one', async () => {
      const [one, other] = [await connect(), await connect()];
      for (let i = 1; i <= 3; i++) await one.append(text(`${i}`));
      const [first, , third] = (await readAll(other)).map(knownOf) as [KnownEntry, KnownEntry, KnownEntry];
      const read = (from: number, { fingerprint: follows }: KnownEntry): Promise<readonly LogEntry[]> =>
        one.read(from, { maxBytes: MANY_BYTES, follows });
      expect(contentsOf(await read(2, first))).toEqual(['2', '3']);
      expect(await read(4, third)).toEqual([]);
      expect(await one.bounds({ known: third })).toEqual({ first: 1, last: 3 });
      for (const work of [read(3, first), one.bounds({ known: { ...first, position: 3 } })]) {
        expect(await refusalOf(work)).toMatchObject({ kind: 'storage', detail: 'diverged' });
      }
      await one.trim(1);
      // What lay before the first entry is not known any more.
      expect(contentsOf(await read(2, third))).toEqual(['2', '3']);
      expect(await one.bounds({ known: first })).toEqual({ first: 2, last: 3 });
    });

    it('tells those who watch of what others append, and nobody else', async () => {
      const [one, other] = [await connect(), await connect()];
      await other.bounds();
      await one.read(1, { maxBytes: 1 });
      const heard: string[] = [];
      const first = new Promise<void>((resolve) => {
        one.watch(() => {
          heard.push('watching');
          resolve();
        });
      });
      const end = one.watch(() => heard.push('ended'));
      end();
      end();
      await other.append(text('a'));
      await first;
      expect(heard).not.toContain('ended');
    });

    it('takes back what is called off', async () => {
      const node = await connect();
      const signal = AbortSignal.abort();
      expect(await refusalOf(node.append(text('a'), { signal }))).toMatchObject({ kind: 'aborted' });
      expect(await refusalOf(node.read(1, { maxBytes: 1, signal }))).toMatchObject({ kind: 'aborted' });
      const end = new AbortController();
      const called = [
        refusalOf(node.append(text('a'), { signal: end.signal })),
        refusalOf(node.read(1, { maxBytes: 1, signal: end.signal })),
      ];
      end.abort();
      for (const each of called) expect(await each).toMatchObject({ kind: 'aborted' });
      expect(await node.append(text('b'))).toBeGreaterThan(0);
    });

    it('is closed in the middle of everything, for one and not for others', async () => {
      const [one, other] = [await connect(), await connect()];
      await one.append(text('before'));
      const underWay = [
        ...Array.from({ length: 5 }, (_, i) => one.append(text(`${i}`))),
        one.read(1, { maxBytes: 1 }),
        one.bounds(),
        one.trim(0),
      ].map((work: Promise<unknown>) =>
        work.then(
          () => 'done',
          (error: unknown) => error,
        ),
      );
      await one.close();
      for (const each of await Promise.all(underWay)) {
        expect(each === 'done' || isDustError(each, 'closed')).toBe(true);
      }
      for (const work of [one.append(text('x')), one.read(1, { maxBytes: 1 }), one.bounds(), one.trim(0)]) {
        expect(await refusalOf(work)).toMatchObject({ kind: 'closed' });
      }
      await one.close();
      const position = await other.append(text('after'));
      expect(contentsOf(await readAll(other)).at(position - 1)).toBe('after');
    });

    describeShelf(connect);
  });
}

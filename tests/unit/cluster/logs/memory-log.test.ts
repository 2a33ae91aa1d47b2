import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { refusalOf } from '../../store/open-store.js';
import { describeLog } from './describe-log.js';

const bytes = (...content: number[]): Uint8Array => new Uint8Array(content);

describeLog('memory', () => {
  const log = new MemoryLog();
  return Promise.resolve({ connect: () => Promise.resolve(log.connect()) });
});

describe('a log in memory', () => {
  it('gives places without holes and times that never go back', () => {
    let now = 5;
    const clock = { now: () => now, monotonic: () => 0, schedule: () => () => undefined };
    const log = new MemoryLog({ clock });
    log.append(bytes(1));
    now = 3;
    log.append(bytes(2));
    expect(log.read(1, 100)).toEqual([
      { position: 1, time: 5, bytes: bytes(1) },
      { position: 2, time: 5, bytes: bytes(2) },
    ]);
  });

  it.each([
    [1, 100, [1, 2, 3]],
    [2, 100, [2, 3]],
    [1, 4, [1, 2]],
    [1, 3, [1]],
    [2, 0, [2]],
    [4, 100, []],
    [9, 100, []],
  ])('read from %d, %d bytes', (from, most, positions) => {
    const log = new MemoryLog({ clock: new TestClock() });
    for (let i = 0; i < 3; i++) log.append(bytes(i, i));
    expect(log.read(from, most).map(({ position }) => position)).toEqual(positions);
  });

  it('is trimmed, and says so', async () => {
    const log = new MemoryLog({ clock: new TestClock() });
    expect(log.bounds).toEqual({ first: 0, last: 0 });
    for (let i = 0; i < 3; i++) log.append(bytes(i));
    log.trim(2);
    expect(log.bounds).toEqual({ first: 3, last: 3 });
    expect(await refusalOf(() => log.read(2, 100))).toMatchObject({
      kind: 'resync_required',
      detail: 'log_trimmed',
    });
    log.trim(9);
    expect(log.bounds).toEqual({ first: 0, last: 3 });
    expect(log.append(bytes(9))).toBe(4);
  });

  it('has connections that end by themselves, and tell no more', async () => {
    const log = new MemoryLog({ clock: new TestClock() });
    const [one, other] = [log.connect(), log.connect()];
    const heard: string[] = [];
    one.watch(() => heard.push('one'));
    other.watch(() => heard.push('other'));
    await one.close();
    await other.append(bytes(1));
    expect(heard).toEqual(['other']);
    expect(await refusalOf(one.append(bytes(1)))).toMatchObject({ kind: 'closed' });
    expect(await refusalOf(one.read(1, { maxBytes: 1 }))).toMatchObject({ kind: 'closed' });
    const signal = AbortSignal.abort();
    expect(await refusalOf(other.append(bytes(1), { signal }))).toMatchObject({ kind: 'aborted' });
    await other.close();
  });
});

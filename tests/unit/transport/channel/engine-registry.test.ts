import { setImmediate as turn } from 'node:timers/promises';
import type { ChannelEngine, RunningEngine } from '../../../../src/transport/channel/engine.js';
import { EngineRegistry } from '../../../../src/transport/channel/engine-registry.js';

let opened: string[];
let closed: string[];
let registry: EngineRegistry;

beforeEach(() => {
  opened = [];
  closed = [];
  registry = new EngineRegistry();
});

/** An engine nobody calls. */
const ENGINE = {} as ChannelEngine;

function acquire(key: string, prefixes?: readonly string[]) {
  const open = async (): Promise<RunningEngine> => {
    const name = `${key}${opened.length}`;
    opened.push(name);
    await Promise.resolve();
    return { engine: ENGINE, deviceId: name, prefixes, close: async () => void closed.push(name) };
  };
  return registry.acquire({ key, store: 'acme/reading', prefixes, open });
}

describe('an engine', () => {
  it('is shared by those who ask for it at once and later, and closed by the last, once', async () => {
    const [a, b] = await Promise.all([acquire('s'), acquire('s')]);
    const c = await acquire('s');
    expect(opened).toEqual(['s0']);
    await Promise.all([a.release(), a.release(), b.release()]);
    expect(closed).toEqual([]);
    await c.release();
    expect(closed).toEqual(['s0']);
    expect(registry.size).toBe(0);
    await (await acquire('s')).release();
    expect(closed).toEqual(['s0', 's1']);
  });

  it('is closed when its release resolves', async () => {
    let end: (() => void) | undefined;
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        end = resolve;
      });
    const open = () => Promise.resolve({ engine: ENGINE, deviceId: 'd', prefixes: undefined, close });
    const lease = await registry.acquire({ key: 's', store: 'acme/reading', prefixes: undefined, open });
    let isReleased = false;
    const released = lease.release().then(() => {
      isReleased = true;
    });
    await turn();
    expect(isReleased).toBe(false);
    end?.();
    await released;
  });

  it('is another one for another key', async () => {
    await acquire('s');
    await acquire('t');
    expect(opened).toEqual(['s0', 't1']);
    expect(registry.size).toBe(2);
  });

  it.each<[string, string[] | undefined, string[] | undefined, boolean]>([
    ['the same prefixes', ['a', 'b'], ['b', 'a'], true],
    ['some of the prefixes', ['a', 'b'], ['b'], true],
    ['a part of a prefix', ['a'], ['a/x'], true],
    ['a prefix of a mirror of everything', undefined, ['a'], true],
    ['another prefix', ['a'], ['ab'], false],
    ['more than a prefix', ['a/x'], ['a'], false],
    ['everything', ['a'], undefined, false],
  ])('is asked for %s', async (_what, kept, wanted, isShared) => {
    await acquire('s', kept);
    await acquire('s', wanted);
    expect(opened).toHaveLength(isShared ? 1 : 2);
  });

  it('is joined by those who open none, those with other settings too', async () => {
    const { signal } = new AbortController();
    const waiting = registry.join({ store: 'acme/reading', prefixes: ['a'] }, signal);
    expect(registry.size).toBe(0);
    await acquire('s', ['b']);
    const owner = await acquire('t', ['a']);
    const guest = await waiting;
    expect(guest?.deviceId).toBe('t1');
    await owner.release();
    expect(closed).toEqual([]);
    const later = await registry.join({ store: 'acme/reading', prefixes: ['a/x'] }, signal);
    expect(later?.deviceId).toBe('t1');
    await guest?.release();
    await later?.release();
    expect(closed).toEqual(['t1']);
  });

  it('is not waited for once the wait was called off, nor another store’s', async () => {
    const ended = new AbortController();
    const waiting = registry.join({ store: 'acme/other', prefixes: undefined }, ended.signal);
    await acquire('s');
    ended.abort();
    expect(await waiting).toBeUndefined();
    expect(await registry.join({ store: 'acme/reading', prefixes: undefined }, ended.signal)).toBeUndefined();
  });

  it('that could not be opened is waited for no longer, but the next one is', async () => {
    const open = () => Promise.reject(new Error('no folder'));
    const wish = { store: 'acme/reading', prefixes: undefined };
    const attempt = registry.acquire({ key: 's', ...wish, open });
    const waiting = registry.join(wish, new AbortController().signal);
    await expect(attempt).rejects.toThrow('no folder');
    await acquire('s');
    expect((await waiting)?.deviceId).toBe('s0');
  });

  it('that could not be opened is forgotten', async () => {
    const open = () => Promise.reject(new Error('no folder'));
    const attempts = [1, 2].map(() =>
      registry.acquire({ key: 's', store: 'acme/reading', prefixes: undefined, open }),
    );
    for (const attempt of attempts) await expect(attempt).rejects.toThrow('no folder');
    expect(registry.size).toBe(0);
    await acquire('s');
    expect(opened).toHaveLength(1);
  });
});

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
  return registry.acquire({ key, prefixes, open });
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

  it('that could not be opened is forgotten', async () => {
    const open = () => Promise.reject(new Error('no folder'));
    const attempts = [1, 2].map(() => registry.acquire({ key: 's', prefixes: undefined, open }));
    for (const attempt of attempts) await expect(attempt).rejects.toThrow('no folder');
    expect(registry.size).toBe(0);
    await acquire('s');
    expect(opened).toHaveLength(1);
  });
});

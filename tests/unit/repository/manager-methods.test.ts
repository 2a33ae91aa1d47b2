import { Repository } from '../../../src/index.js';
import { Link, useDataSources } from './support.js';

const connect = useDataSources();

/** Methods of the manager that are those of a repository, with the class first. */
const METHODS = [
  ...['merge', 'preload', 'insert', 'upsert', 'insertMany', 'update', 'delete', 'clear'],
  ...['find', 'findBy', 'findOne', 'findOneBy', 'findOneOrFail', 'findOneByOrFail', 'findAndCount'],
  ...['findPage', 'explain'],
  ...['findAndCountBy', 'exists', 'existsBy', 'count', 'countBy', 'getMany', 'stream'],
  ...['sum', 'average', 'minimum', 'maximum'],
  ...['increment', 'decrement', 'addTo', 'removeFrom'],
] as const;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the manager', () => {
  it.each(METHODS)(
    'passes %s on to the repository of the class, with all that it was given',
    async (name) => {
      const { manager } = await connect([Link]);
      const answer = Symbol(name);
      const of = jest.spyOn(Repository.prototype as any, name).mockReturnValue(answer);
      const given = Array.from({ length: Number((manager as any)[name].length) + 2 }, (_, i) => ({ i }));
      expect((manager as any)[name](Link, ...given)).toBe(answer);
      const received: unknown[] = of.mock.calls[0] ?? [];
      expect(received.length).toBeGreaterThan(0);
      expect(received).toEqual(given.slice(0, received.length));
      expect(of.mock.contexts).toEqual([manager.getRepository(Link)]);
    },
  );

  it('refuses what is no function where one is called, before anything else', async () => {
    const { manager, control } = await connect([Link]);
    const asked = jest.fn();
    control.before = asked;
    for (const [name, expected, call] of [
      ['retryOnConflict', 'its argument', (odd: never) => manager.retryOnConflict(odd)],
      ['batch', 'its argument', (odd: never) => manager.batch(odd)],
      ['singleFlight', 'compute', (odd: never) => manager.singleFlight('reports/today', odd)],
    ] as const) {
      await expect(call('later' as never)).rejects.toMatchObject({
        kind: 'invalid_options',
        message: expect.stringContaining(`${name}: ${expected} must be a function`),
      });
    }
    expect(asked).not.toHaveBeenCalled();
  });

  it('gives itself and the number of the attempt to what is tried again', async () => {
    const { manager } = await connect([Link]);
    const work = jest.fn(() => 'done');
    expect(await manager.retryOnConflict(work)).toBe('done');
    expect(work.mock.calls).toEqual([[manager, 1]]);
  });

  it('makes what create of the repository makes: one, several, or one of nothing', async () => {
    const { manager } = await connect([Link]);
    const [one, several, none] = [
      manager.create(Link, { slug: 'a' }),
      manager.create(Link, [{ slug: 'a' }, { slug: 'b' }]),
      manager.create(Link),
    ];
    expect(one).toMatchObject({ slug: 'a' });
    expect(several).toMatchObject([{ slug: 'a' }, { slug: 'b' }]);
    for (const made of [one, ...several, none]) expect(made).toBeInstanceOf(Link);
    expect(manager.create(Link, [])).toEqual([]);
  });
});

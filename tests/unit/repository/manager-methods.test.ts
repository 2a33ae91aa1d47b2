import { Repository } from '../../../src/index.js';
import { Link, useDataSources } from './support.js';

const connect = useDataSources();

/** Methods of the manager that are those of a repository, with the class first. */
const METHODS = [
  ...['merge', 'preload', 'insert', 'upsert', 'insertMany', 'update', 'delete', 'clear'],
  ...['find', 'findBy', 'findOne', 'findOneBy', 'findOneOrFail', 'findOneByOrFail', 'findAndCount'],
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
});

import { readLog } from '../../../../src/store/history/log-reading.js';
import type { LogQuery } from '../../../../src/store/history/log-reading.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';

describe('a page of the log', () => {
  const storage = createMemoryStorage();
  const store = new Store({ storage });
  const page = (query: LogQuery): [readonly number[], number | null] => {
    const { operations, nextCursor } = readLog(storage, query);
    return [operations.map(({ storeSeq }) => storeSeq), nextCursor];
  };

  // A number weighs 8 bytes.
  beforeAll(async () => {
    for (let i = 1; i <= 4; i++) await store.write({ op: 'set', path: 'a', value: i });
  });
  afterAll(() => store.close());

  it.each<[LogQuery, readonly number[], number | null]>([
    [{}, [1, 2, 3, 4], null],
    [{ limit: 1 }, [1], 1],
    [{ limit: 1, after: 3 }, [4], null],
    [{ limit: 2, after: 1 }, [2, 3], 3],
    [{ after: 4 }, [], null],
    [{ limit: 1_000 }, [1, 2, 3, 4], null],
    [{ bytes: 7 }, [1], 1],
    [{ bytes: 8 }, [1], 1],
    [{ bytes: 9 }, [1, 2], 2],
    [{ bytes: 16, after: 1 }, [2, 3], 3],
    [{ bytes: 32 }, [1, 2, 3, 4], null],
    [{ bytes: Infinity }, [1, 2, 3, 4], null],
  ])('ends with the operation that fills it: %j', (query, seqs, nextCursor) => {
    expect(page(query)).toStrictEqual([seqs, nextCursor]);
  });

  it.each([{ after: -1 }, { after: 0.5 }, { limit: 0 }, { limit: 1_001 }, { limit: 1.5 }])(
    'is refused %j',
    (query) => {
      expect(() => page(query)).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
    },
  );

  it('of an empty store is the only one', () => {
    expect(readLog(createMemoryStorage(), {})).toStrictEqual({
      operations: [],
      nextCursor: null,
      firstSeq: 1,
    });
  });
});

import type { Leaf } from '../../../../src/protocol/values/value.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import type { StorageMoment } from '../../../../src/store/storage.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();
let storage: StoreStorage;

const leaf = (path: string, value = 1): Leaf => ({ path, value, type: 'integer', revision: 1 });
const operation = (storeSeq: number) =>
  ({ storeSeq, op: 'set', path: 'a', value: storeSeq, deviceId: null, clientOpId: null }) as const;
const write = (value: number, ...seqs: readonly number[]) =>
  storage.commit(() => {
    for (const path of ['a', 'b', 'c']) storage.leaves.put(leaf(path, value));
    for (const path of ['x', 'y', 'z']) storage.overlay.put(leaf(path, value));
    for (const seq of seqs) storage.log.append(operation(seq));
    storage.writeCounters({ storeSeq: seqs.at(-1) ?? 0, snapshotSeq: 0 });
  });

beforeEach(async () => {
  storage = await openLmdbStorage({ path: folder.path });
  await write(1, 1, 2, 3);
});
afterEach(() => storage.close());

describe('a moment of a folder', () => {
  it('is read from the beginning, and behind a place', async () => {
    const moment = storage.hold();
    await write(2, 4);
    expect([...moment.leaves(undefined)]).toEqual(['a', 'b', 'c'].map((path) => leaf(path)));
    expect([...moment.leaves('a')]).toEqual(['b', 'c'].map((path) => leaf(path)));
    expect([...moment.overlay(undefined)]).toEqual(['x', 'y', 'z'].map((path) => leaf(path)));
    expect([...moment.overlay('y')]).toEqual([leaf('z')]);
    expect([...moment.operations(0)]).toEqual([1, 2, 3].map(operation));
    expect([...moment.operations(2)]).toEqual([operation(3)]);
    expect(moment.counters).toEqual({ storeSeq: 3, snapshotSeq: 0 });
    moment.release();
  });

  it('knows no operations that had been dropped, and those that were dropped since', async () => {
    const trim = (seq: number) =>
      storage.commit(() => {
        storage.log.trim(seq);
      });
    await trim(1);
    const moment = storage.hold();
    await trim(2);
    expect([...moment.operations(0)]).toEqual([2, 3].map(operation));
    moment.release();
  });

  it.each<[string, (moment: StorageMoment) => unknown]>([
    [
      'it was let go of',
      (moment) => {
        moment.release();
        moment.release();
      },
    ],
    ['its folder was closed', () => storage.close()],
  ])('is not read any more when %s', async (_, end) => {
    const moment = storage.hold();
    await end(moment);
    const refusal = expect.objectContaining({ kind: 'closed' });
    expect(() => moment.leaves(undefined)).toThrow(refusal);
    expect(() => moment.overlay(undefined)).toThrow(refusal);
    expect(() => moment.operations(0)).toThrow(refusal);
    moment.release();
  });

  it('cannot begin once its folder is being closed', async () => {
    const closing = storage.close();
    expect(() => storage.hold()).toThrow(expect.objectContaining({ kind: 'closed' }));
    await closing;
  });
});

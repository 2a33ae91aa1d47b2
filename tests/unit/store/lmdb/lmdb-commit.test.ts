import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { LmdbLeafTree } from '../../../../src/store/lmdb/leaves/lmdb-leaf-tree.js';
import { StoredCounters } from '../../../../src/store/lmdb/stored-counters.js';
import type { StoreStorage } from '../../../../src/store/storage.js';
import { useDataFolder } from './data-folder.js';

const leaf = (path: string): Leaf => ({ path, value: path, type: 'string', revision: 1 });
const operation = (storeSeq: number, clientOpId: string | null = `op-${storeSeq}`): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: `p/${storeSeq}`,
  value: { n: storeSeq },
  deviceId: storeSeq % 2 === 0 ? null : 'device',
  clientOpId,
});

const folder = useDataFolder();
let storage: StoreStorage;

const reopen = async () => {
  await storage.close();
  storage = await openLmdbStorage({ path: folder.path });
};
const append = (...operations: CommittedOperation[]) =>
  storage.commit(() => {
    for (const each of operations) storage.log.append(each);
    storage.writeCounters({ storeSeq: operations.at(-1)?.storeSeq ?? 0, snapshotSeq: 0 });
  });
const paths = () => Array.from(storage.leaves.range({}), ({ path }) => path);

beforeEach(async () => {
  storage = await openLmdbStorage({ path: folder.path });
});
afterEach(() => storage.close());

describe('a commit on an LMDB storage', () => {
  it('runs in call order, sees what went before, and is not visible outside until it is durable', async () => {
    const order: string[] = [];
    const first = storage.commit(() => {
      order.push('first');
      storage.leaves.put(leaf('a'));
      return storage.leaves.get('a')?.value;
    });
    const second = storage.commit(() => {
      order.push('second');
      return paths();
    });
    expect(order).toEqual([]);
    expect(paths()).toEqual([]);
    expect(await Promise.all([first, second])).toEqual(['a', ['a']]);
    expect(order).toEqual(['first', 'second']);
    expect(paths()).toEqual(['a']);
  });

  it('that fails before its first write rejects alone', async () => {
    const results = await Promise.allSettled([
      storage.commit(() => {
        storage.leaves.put(leaf('a'));
      }),
      storage.commit(() => {
        throw new RangeError('no');
      }),
      storage.commit(() => {
        storage.leaves.put(leaf('c'));
      }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: new RangeError('no') });
    expect(paths()).toEqual(['a', 'c']);
  });

  it('that fails later undoes its group, in the medium and in memory, and leaves the storage usable', async () => {
    await append(operation(1), operation(2));
    const results = await Promise.allSettled([
      append(operation(3)),
      storage.commit(() => {
        storage.leaves.put(leaf('b'));
        storage.overlay.put(leaf('b'));
        storage.blobs.put('sha256:b', { content: Buffer.from('b'), contentType: 'text/plain' });
        storage.log.trim(1);
        throw new RangeError('too late');
      }),
    ]);
    const undone = { kind: 'storage', detail: 'write_failed', cause: new RangeError('too late') };
    expect(results).toMatchObject([
      { status: 'rejected', reason: undone },
      { status: 'rejected', reason: undone },
    ]);
    expect(storage.readCounters()).toEqual({ storeSeq: 2, snapshotSeq: 0 });
    expect(storage.log.size).toBe(2);
    expect(storage.log.findClientOp('op-1')).toBe(1);
    expect(storage.log.findClientOp('op-3')).toBeUndefined();
    expect([paths(), [...storage.overlay.leaves()], storage.blobs.has('sha256:b')]).toEqual([[], [], false]);
    await append(operation(3));
    await reopen();
    expect([...storage.log.since(0)].map(({ storeSeq }) => storeSeq)).toEqual([1, 2, 3]);
  });

  it('refuses writes outside of it and after close', async () => {
    const refusal = expect.objectContaining({ kind: 'closed' });
    expect(() => {
      storage.leaves.put(leaf('a'));
    }).toThrow(refusal);
    expect(() => {
      storage.writeCounters({ storeSeq: 1, snapshotSeq: 0 });
    }).toThrow(refusal);
    await storage.close();
    await storage.close();
    await expect(storage.commit(() => undefined)).rejects.toEqual(refusal);
    storage = await openLmdbStorage({ path: folder.path });
    expect(paths()).toEqual([]);
  });

  describe('counts as a write, which is refused outside of it, and undone with what fails behind it:', () => {
    const WRITES: readonly (readonly [what: string, write: () => unknown])[] = [
      ['a leaf put', () => storage.leaves.put(leaf('b'))],
      ['a leaf deleted', () => storage.leaves.delete('a')],
      ['a leaf of the overlay put', () => storage.overlay.put(leaf('b'))],
      ['the overlay cleared', () => storage.overlay.clear()],
      ['an operation appended', () => storage.log.append(operation(3))],
      ['operations dropped', () => storage.log.trim(1)],
      ['all operations dropped', () => storage.log.clear()],
      [
        'a file',
        () => storage.blobs.put('sha256:b', { content: Buffer.from('b'), contentType: 'text/plain' }),
      ],
      ['the entry of an index added', () => storage.indexes.keys.add('b')],
      ['the entry of an index deleted', () => storage.indexes.keys.delete('a')],
      ['the list of indexes', () => storage.indexes.define([])],
      ['counters', () => storage.writeCounters({ storeSeq: 9, snapshotSeq: 9 })],
    ];
    const state = () => ({
      leaves: paths(),
      overlay: Array.from(storage.overlay.leaves(), ({ path }) => path),
      log: Array.from(storage.log.since(0), ({ storeSeq }) => storeSeq),
      file: storage.blobs.has('sha256:b'),
      keys: [...storage.indexes.keys.range({ from: '', to: 'z' })],
      counters: storage.readCounters(),
    });

    it.each(WRITES)('%s', async (_, write) => {
      await storage.commit(() => {
        storage.leaves.put(leaf('a'));
        storage.overlay.put(leaf('a'));
        storage.indexes.keys.add('a');
      });
      await append(operation(1), operation(2));
      const before = state();
      expect(write).toThrow(expect.objectContaining({ kind: 'closed' }));
      expect(state()).toEqual(before);
      const failed = storage.commit(() => {
        write();
        throw new RangeError('too late');
      });
      // What had written nothing would be rejected with the error itself.
      await expect(failed).rejects.toMatchObject({ kind: 'storage', detail: 'write_failed' });
      expect(state()).toEqual(before);
      await reopen();
      expect(state()).toEqual(before);
      await storage.commit(write);
    });
  });

  it.each<[string, RegExp, (closed: StoreStorage) => unknown]>([
    ['a commit', /is not open for writing/, (closed) => closed.commit(() => undefined)],
    ['a moment', /was closed/, (closed) => closed.hold()],
    ['a backup', /was closed/, (closed) => closed.backup?.(join(folder.path, 'copy'))],
  ])('and all other work is refused from the call of close on: %s', async (_, message, work) => {
    const refusal = expect.objectContaining({ kind: 'closed', message: expect.stringMatching(message) });
    const closing = storage.close();
    await expect((async () => work(storage))()).rejects.toEqual(refusal);
    await closing;
    await expect((async () => work(storage))()).rejects.toEqual(refusal);
    expect(readdirSync(folder.path)).not.toContain('copy');
  });

  it('begun before close is completed by it', async () => {
    const commits = Array.from({ length: 30 }, (_, i) =>
      storage.commit(() => {
        storage.leaves.put(leaf(`k/${i}`));
      }),
    );
    const closing = storage.close();
    await Promise.all([...commits, closing]);
    storage = await openLmdbStorage({ path: folder.path });
    expect(paths()).toHaveLength(30);
  });

  it('takes more work than one transaction should hold', async () => {
    await Promise.all(
      Array.from({ length: 25_000 }, (_, i) =>
        storage.commit(() => {
          storage.leaves.put(leaf(`k/${i}`));
        }),
      ),
    );
    expect(paths()).toHaveLength(25_000);
  });

  it('finds what is kept in memory as it was before one that was undone, if need be when the next begins', async () => {
    await append(operation(1));
    const reload = jest.spyOn(StoredCounters.prototype, 'reload').mockImplementationOnce(() => {
      throw new Error('cannot be read');
    });
    const undone = storage.commit(() => {
      storage.writeCounters({ storeSeq: 9, snapshotSeq: 0 });
      throw new Error('no');
    });
    await expect(undone).rejects.toMatchObject({ kind: 'storage' });
    expect(reload).toHaveBeenCalledTimes(1);
    expect(await storage.commit(() => storage.readCounters().storeSeq)).toBe(1);
    expect(reload).toHaveBeenCalledTimes(2);
    reload.mockRestore();
  });

  it('tells each of its trees whether what that worked on stands or was undone', async () => {
    const told = jest.spyOn(LmdbLeafTree.prototype, 'forget');
    const trees = [storage.leaves, storage.overlay];
    try {
      await storage.commit(() => undefined);
      const kept = told.mock.calls.flat();
      told.mockClear();
      await expect(
        storage.commit(() => {
          storage.leaves.put(leaf('a'));
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect([kept, told.mock.calls.flat()]).toEqual([trees.map(() => false), trees.map(() => true)]);
    } finally {
      told.mockRestore();
    }
  });
});

describe('the log of an LMDB storage', () => {
  it('gives back what was appended, after a restart too', async () => {
    const written = [operation(1), operation(2, null), operation(3), operation(4, '😀')];
    await append(...written);
    await reopen();
    expect([...storage.log.since(0)]).toStrictEqual(written);
    expect([...storage.log.since(2)]).toStrictEqual(written.slice(2));
    expect([...storage.log.since(4)]).toEqual([]);
    expect(storage.log.size).toBe(4);
    expect(storage.readCounters()).toEqual({ storeSeq: 4, snapshotSeq: 0 });
    expect(Object.isFrozen([...storage.log.since(3)][0]?.value)).toBe(true);
  });

  it('is trimmed from the front, with its client ids', async () => {
    await append(...Array.from({ length: 2500 }, (_, i) => operation(i + 1)));
    await storage.commit(() => {
      storage.log.trim(2300);
    });
    expect(storage.log.size).toBe(200);
    expect([...storage.log.since(0)][0]?.storeSeq).toBe(2301);
    expect(storage.log.findClientOp('op-2300')).toBeUndefined();
    expect(storage.log.findClientOp('op-2301')).toBe(2301);
    await storage.commit(() => {
      storage.log.trim(9999);
    });
    expect([storage.log.size, [...storage.log.since(0)]]).toEqual([0, []]);
    await append(operation(2501));
    await reopen();
    expect([storage.log.size, storage.log.findClientOp('op-2501')]).toEqual([1, 2501]);
  });

  it('knows a client id that came again by its newer seq, until that is trimmed', async () => {
    await append(operation(1, 'again'), operation(2, 'once'), operation(3, 'again'));
    await storage.commit(() => {
      storage.log.trim(2);
    });
    expect(['again', 'once'].map((id) => storage.log.findClientOp(id))).toEqual([3, undefined]);
  });

  it.each(['', '__proto__', 'x'.repeat(5000), '\ud800', '\u0000'])('finds any client id (%#)', async (id) => {
    expect(storage.log.findClientOp(id)).toBeUndefined();
    await append(operation(7, id), operation(8, `${id}8`));
    expect(storage.log.findClientOp(id)).toBe(7);
    expect([...storage.log.since(0)][0]?.clientOpId).toBe(id);
    await storage.commit(() => {
      storage.log.trim(7);
    });
    expect(storage.log.findClientOp(id)).toBeUndefined();
  });
});

describe('the rest of an LMDB storage', () => {
  it('keeps blobs, empty and large ones too', async () => {
    const large = new Uint8Array(20_000_000).map((_, i) => (i * 31) & 255);
    const blobs = { 'sha256:1': new Uint8Array(0), 'sha256:2': Uint8Array.of(0, 255, 10), 'sha256:3': large };
    await storage.commit(() => {
      for (const [hash, content] of Object.entries(blobs)) {
        storage.blobs.put(hash, { content, contentType: `t/${hash}` });
      }
    });
    await reopen();
    for (const [hash, content] of Object.entries(blobs)) {
      const blob = storage.blobs.get(hash);
      expect([storage.blobs.has(hash), blob?.contentType]).toEqual([true, `t/${hash}`]);
      expect(Buffer.compare(blob?.content ?? Buffer.from('missing'), content)).toBe(0);
    }
    expect([storage.blobs.has('sha256:4'), storage.blobs.get('sha256:4')]).toEqual([false, undefined]);
  });

  it('keeps the overlay apart from the leaves, and clears it', async () => {
    await storage.commit(() => {
      storage.leaves.put(leaf('a'));
      storage.overlay.put(leaf('c'));
      storage.overlay.put(leaf('b'));
    });
    await reopen();
    expect([...storage.overlay.leaves()]).toEqual([leaf('b'), leaf('c')]);
    expect(storage.overlay.get('b')).toEqual(leaf('b'));
    await storage.commit(() => {
      storage.overlay.clear();
    });
    expect([[...storage.overlay.leaves()], paths()]).toEqual([[], ['a']]);
  });
});

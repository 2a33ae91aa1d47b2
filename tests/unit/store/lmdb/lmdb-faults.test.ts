import type { RootDatabase, Transaction } from 'lmdb';
import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import { readFault, writeFault } from '../../../../src/store/lmdb/faults.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { GROUP_KEYS } from '../../../../src/store/lmdb/leaves/group-key.js';
import type { LeafTree } from '../../../../src/store/leaf-tree.js';
import type { StoreStorage } from '../../../../src/store/storage.js';
import { openBeside, putBehind } from './behind-its-back.js';
import { useDataFolder } from './data-folder.js';
import { readersOf } from './readers.js';

const folder = useDataFolder();
const opened: StoreStorage[] = [];
const openStorage = async () => {
  const storage = await openLmdbStorage({ path: folder.path });
  opened.push(storage);
  return storage;
};
const leaf = (path: string) => ({ path, value: 1, type: 'integer', revision: 1 }) as const;
const operation = (storeSeq: number): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: 'a',
  value: 1,
  deviceId: null,
  clientOpId: `id-${storeSeq}`,
});
const blob = { content: Buffer.from('content'), contentType: 'text/plain' };
const write = (storage: StoreStorage, paths: readonly string[]) =>
  storage.commit(() => {
    for (const path of paths) storage.leaves.put(leaf(path));
    storage.log.append(operation(storage.readCounters().storeSeq + 1));
    storage.writeCounters({ storeSeq: storage.readCounters().storeSeq + 1, snapshotSeq: 0 });
    storage.blobs.put('hash', blob);
  });
const fault = (detail: string, message: string | RegExp = '') =>
  expect.objectContaining({
    name: 'DustError',
    kind: 'storage',
    detail,
    message: expect.stringMatching(message),
  });
const thrown = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};
const LEAVES = { encoding: 'binary', keyEncoder: GROUP_KEYS } as const;

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

describe('what LMDB throws', () => {
  it.each([
    [-30797, 'corrupt', 'corrupt'],
    [-30796, 'corrupt', 'corrupt'],
    [-30794, 'corrupt', 'corrupt'],
    [-30793, 'corrupt', 'corrupt'],
    [-30784, 'corrupt', 'corrupt'],
    [-30780, 'corrupt', 'corrupt'],
    [-30792, 'exhausted', 'exhausted'],
    [-30791, 'exhausted', 'exhausted'],
    [-30790, 'exhausted', 'exhausted'],
    [-30789, 'exhausted', 'exhausted'],
    [-30788, 'read_failed', 'write_failed'],
    [-30782, 'read_failed', 'write_failed'],
    [5, 'read_failed', 'write_failed'],
    [28, 'read_failed', 'write_failed'],
    [12, 'exhausted', 'exhausted'],
    [23, 'exhausted', 'exhausted'],
    [24, 'exhausted', 'exhausted'],
    [25, 'read_failed', 'write_failed'],
  ])('with code %i has the kind `storage`, reading %s, writing %s', (code, reading, writing) => {
    const cause = Object.assign(new Error('MDB_SOMETHING: words'), { code });
    expect(readFault('/data', cause)).toEqual(fault(reading, 'MDB_SOMETHING: words'));
    expect(readFault('/data', cause)).toHaveProperty('cause', cause);
    expect(writeFault('/data', cause)).toEqual(fault(writing, 'MDB_SOMETHING: words'));
  });
});

describe('a store all of whose readers are taken', () => {
  let root: RootDatabase;
  let taken: Transaction[];

  const takeAll = () => {
    root = openBeside(folder.path);
    const facts = root.openDB('dust-orm', { encoding: 'json' });
    taken = [];
    // Each write makes the next read one of its own.
    for (let i = 0; i < 1000; i++) {
      facts.putSync('noise', i);
      try {
        taken.push(facts.useReadTransaction());
      } catch (error) {
        expect((error as Error).message).toMatch(/MDB_READERS_FULL/);
        return;
      }
    }
    throw new Error('there is no end of readers');
  };
  const giveBack = async () => {
    for (const transaction of taken) transaction.done();
    await root.close();
  };

  it('says so in every read, and reads again when they are given back', async () => {
    const storage = await openStorage();
    await write(storage, ['a/1', 'b/1', 'c/1']);
    // The storage's own reader stays with this range.
    const held = storage.leaves.range({})[Symbol.iterator]();
    held.next();
    takeAll();
    await write(storage, ['a/1']);
    try {
      const reads = [
        () => storage.leaves.get('a/1'),
        () => storage.leaves.subtree?.('a'),
        () => storage.leaves.mayHaveBelow?.('a'),
        () => [...storage.leaves.range({})],
        () => storage.overlay.get('a'),
        () => [...storage.overlay.leaves()],
        () => [...storage.log.since(0)],
        () => storage.blobs.get('hash'),
        () => storage.hold(),
        () => storage.blobs.has('hash'),
        () => storage.measure?.(),
      ];
      for (const read of reads) expect(thrown(read)).toEqual(fault('exhausted', /READERS_FULL/));
    } finally {
      held.return?.();
      await giveBack();
    }
    expect([...storage.leaves.range({})]).toEqual([leaf('a/1'), leaf('b/1'), leaf('c/1')]);
  });

  it('closes', async () => {
    const storage = await openStorage();
    await write(storage, ['a']);
    takeAll();
    await storage.close();
    await giveBack();
  });
});

describe('a value that is not what a store wrote', () => {
  const contents = [
    'not json',
    '',
    '7',
    'null',
    '{}',
    '[1]',
    '[1,"integer"]',
    '["1","integer",1]',
    '[1,"inte',
  ];

  it.each(contents)('%j is corrupt, and named, as the leaves below a path', async (text) => {
    const storage = await openStorage();
    await write(storage, ['a/1', 'b/1', 'b/2', 'c/1']);
    await putBehind(folder.path, 'leaf-groups', LEAVES, ['b/', Buffer.from(text)]);
    const damaged = fault('corrupt', /as the leaves directly below "b" cannot be read/);
    expect(thrown(() => storage.leaves.get('b/1'))).toEqual(damaged);
    expect(thrown(() => storage.leaves.subtree?.('b'))).toEqual(damaged);
    expect(thrown(() => [...storage.leaves.range({})])).toEqual(damaged);
    expect(thrown(() => [...storage.leaves.range({ reverse: true })])).toEqual(damaged);
    expect(thrown(() => [...storage.leaves.range({ from: 'b' })])).toEqual(damaged);
    expect([...storage.leaves.range({ to: 'b' })]).toEqual([leaf('a/1')]);
    expect(storage.leaves.get('c/1')).toEqual(leaf('c/1'));
    await expect(write(storage, ['b/1'])).rejects.toEqual(damaged);
  });

  /** Where a leaf is broken, and those who read it. */
  const broken: readonly [string, string][] = [
    ['its name', '"1\t1\t\t1'],
    ['its revision', '1\tone\t\t1'],
    ['its value', '1\t1\t\t{"a":'],
  ];
  const readers: readonly [string, (leaves: LeafTree) => unknown][] = [
    ['all below its path', (leaves) => leaves.subtree?.('b')],
    ['all leaves', (leaves) => [...leaves.range({})]],
    ['all leaves backwards', (leaves) => [...leaves.range({ reverse: true })]],
    ['some leaves', (leaves) => [...leaves.range({ from: 'b', to: 'c' })]],
    ['some leaves from within its group', (leaves) => [...leaves.range({ from: 'b/0' })]],
    ['some leaves up to within its group', (leaves) => [...leaves.range({ to: 'b/3' })]],
    ['some leaves behind another one', (leaves) => [...leaves.range({ after: 'b/0' })]],
  ];

  it.each(broken)('of a leaf is corrupt for all who read the group that it is in: %s', async (_, line) => {
    const storage = await openStorage();
    await write(storage, ['a/1', 'b/1', 'b/2', 'c/1']);
    await putBehind(folder.path, 'leaf-groups', LEAVES, ['b/', Buffer.from(`\n${line}\n2\t1\t\t1\n`)]);
    const damaged = fault('corrupt', /as the leaves directly below "b" cannot be read/);
    for (const [by, read] of readers) {
      expect([by, thrown(() => read(storage.leaves))]).toEqual([by, damaged]);
      // In a commit it is the work that fails, before it has written, with the same.
      const found = await storage.commit(() => read(storage.leaves)).catch((error: unknown) => error);
      expect([by, found]).toEqual([by, damaged]);
    }
    expect(storage.leaves.get('b/2')).toEqual(leaf('b/2'));
    expect(storage.leaves.get('c/1')).toEqual(leaf('c/1'));
  });

  it.each(broken.slice(1))('of a leaf is corrupt for who reads that alone: %s', async (_, line) => {
    const storage = await openStorage();
    await write(storage, ['b/1', 'b/2']);
    await putBehind(folder.path, 'leaf-groups', LEAVES, ['b/', Buffer.from(`\n${line}\n2\t1\t\t1\n`)]);
    const damaged = fault('corrupt', /as the leaves directly below "b" cannot be read/);
    expect(thrown(() => storage.leaves.get('b/1'))).toEqual(damaged);
    await expect(storage.commit(() => storage.leaves.get('b/1'))).rejects.toEqual(damaged);
    expect(await storage.commit(() => storage.leaves.get('b/2'))).toEqual(leaf('b/2'));
  });

  it.each(contents)('%j is corrupt, and named, as a large leaf', async (text) => {
    const storage = await openStorage();
    const large = { ...leaf('b/2'), value: 'x'.repeat(5000) };
    await write(storage, ['a/1', 'b/1', 'c/1']);
    await storage.commit(() => {
      storage.leaves.put(large);
    });
    expect(storage.leaves.get('b/2')).toEqual(large);
    await putBehind(folder.path, 'leaf-groups', LEAVES, ['b/2', Buffer.from(text)]);
    const damaged = fault('corrupt', /as the leaf "b\/2" cannot be read/);
    expect(thrown(() => storage.leaves.get('b/2'))).toEqual(damaged);
    expect(thrown(() => storage.leaves.subtree?.('b'))).toEqual(damaged);
    expect(thrown(() => [...storage.leaves.range({ reverse: true })])).toEqual(damaged);
    expect([...storage.leaves.range({ to: 'b/2' })]).toEqual([leaf('a/1'), leaf('b/1')]);
    expect(storage.leaves.get('b/1')).toEqual(leaf('b/1'));
  });

  it.each(contents)('%j is corrupt, and named, as an operation', async (text) => {
    const storage = await openStorage();
    await write(storage, ['a']);
    await write(storage, ['b']);
    await putBehind(folder.path, 'log', { encoding: 'binary' }, [2, Buffer.from(text)]);
    const damaged = fault('corrupt', /as the operation 2 cannot be read/);
    expect(thrown(() => [...storage.log.since(0)])).toEqual(damaged);
    await storage.close();
    // An opening looks at the borders of the log only: what lies in between is read when it is asked for.
    const again = await openStorage();
    expect(thrown(() => again.log.findClientOp('1'))).toEqual(damaged);
  });

  it('leaves no reader behind, however often it is met', async () => {
    const storage = await openStorage();
    await write(storage, ['a/1', 'b/1', 'c/1']);
    await putBehind(folder.path, 'leaf-groups', LEAVES, ['b/', Buffer.from('[1,')]);
    for (let i = 0; i < 300; i++) {
      expect(thrown(() => [...storage.leaves.range({})])).toEqual(fault('corrupt'));
      await write(storage, [`d/${i}`]);
    }
    expect(await readersOf(folder.path)).toBeLessThanOrEqual(1);
  });
});

it('what an undone write left in memory is in no state that is held, however late the medium can be read again', async () => {
  const storage = await openStorage();
  await write(storage, ['a']);
  const putCounters = (text: string) =>
    putBehind(folder.path, 'dust-orm', { encoding: 'binary' }, ['counters', Buffer.from(text)]);
  await putCounters('not json');
  const undone = storage.commit(() => {
    storage.writeCounters({ storeSeq: 700, snapshotSeq: 0 });
    throw new Error('too late');
  });
  await expect(undone).rejects.toThrow('too late');
  expect(thrown(() => storage.hold())).toEqual(fault('corrupt'));
  await putCounters('{"storeSeq":1,"snapshotSeq":0}');
  const moment = storage.hold();
  expect(moment.counters).toEqual({ storeSeq: 1, snapshotSeq: 0 });
  moment.release();
});

it('reads after closing are refused as such', async () => {
  const storage = await openStorage();
  await write(storage, ['a']);
  await storage.close();
  for (const read of [() => storage.leaves.get('a'), () => [...storage.leaves.range({})]]) {
    expect(thrown(read)).toEqual(expect.objectContaining({ kind: 'closed' }));
  }
});

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { open as openLmdb } from 'lmdb';
import { openingFault, verifyFolder } from '../../../../../src/store/lmdb/damage/index.js';
import { PageFile } from '../../../../../src/store/lmdb/damage/page-file.js';
import type { FolderProgress } from '../../../../../src/store/lmdb/index.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { Store } from '../../../../../src/store/store.js';
import { PAGE, Patient } from './patient.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();
let sound = '';
let patient: Patient;

/** A store of two levels, with large values and files; each test damages a copy. */
beforeAll(async () => {
  sound = mkdtempSync(join(tmpdir(), 'dust-orm-sound-'));
  const store = new Store({
    storage: await openLmdbStorage({ path: sound }),
    log: { keep: 100, limit: 300 },
  });
  for (let i = 0; i < 400; i++) {
    await store.write({ op: 'set', path: `notes/k${i}/text`, value: `value of ${i} ${'x'.repeat(200)}` });
  }
  await store.write({ op: 'set', path: 'large', value: `begin ${'y'.repeat(40_000)} end` });
  for (const name of ['one', 'two']) {
    await store.putFile({ path: `files/${name}`, content: Buffer.alloc(9000, name), filename: name });
  }
  await store.close();
});

afterAll(() => {
  rmSync(sound, { recursive: true, force: true });
});

beforeEach(() => {
  cpSync(sound, folder.path, { recursive: true });
  patient = new Patient(folder.path);
});

const corrupt = (message: string | RegExp) =>
  expect.objectContaining({ kind: 'storage', detail: 'corrupt', message: expect.stringMatching(message) });
const open = async (verify = false): Promise<number> => {
  const storage = await openLmdbStorage({ path: folder.path, verify });
  const seq = storage.readCounters().storeSeq;
  await storage.close();
  return seq;
};
/** How the package opens a data file. */
const AS_A_STORE = { pageSize: PAGE, noSubdir: false, overlappingSync: false, noMetaSync: true };
const lost = async () => (await verifyFolder(folder.path)).lost.told;

describe('a sound store', () => {
  it('opens, verified or not, and is told to be whole', async () => {
    expect(await open()).toBe(403);
    expect(await open(true)).toBe(403);
    const report = await verifyFolder(folder.path);
    expect(report).toMatchObject({ leaves: 403, files: 2, storeSeq: 403, format: 3 });
    expect(report.operations).toBeGreaterThanOrEqual(100);
    expect([report.lost.count, report.notes.count]).toEqual([0, 0]);
  });

  it('is not changed by being verified', async () => {
    const before = readFileSync(patient.path);
    await verifyFolder(folder.path);
    expect(readFileSync(patient.path).equals(before)).toBe(true);
  });

  it('is told how far it is, from the first page to the last', async () => {
    const store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
    const text = 'x'.repeat(1000);
    const leaves = Object.fromEntries([...Array(1500).keys()].map((i) => [`n${i}`, `${i} ${text}`]));
    await store.write({ op: 'set', path: 'more', value: leaves });
    await store.close();
    const told: FolderProgress[] = [];
    await verifyFolder(folder.path, { onProgress: (progress) => told.push(progress) });
    expect(told.length).toBeGreaterThan(3);
    const total = told[0]!.total;
    expect(total).toBeGreaterThan(1500 * 1000);
    expect(total).toBeLessThanOrEqual(statSync(patient.path).size);
    for (const [i, { stage, folder: of, done, total: same }] of told.entries()) {
      expect({ stage, of }).toEqual({ stage: 'verify', of: folder.path });
      if (i < told.length - 1) expect(same).toBe(total);
      expect(done).toBeGreaterThanOrEqual(told[i - 1]?.done ?? 0);
    }
    expect(told.at(-1)!.done).toBe(told.at(-1)!.total);
  });

  it('that is new is whole', async () => {
    const path = join(folder.path, 'new');
    await (await openLmdbStorage({ path, verify: true })).close();
    await (await openLmdbStorage({ path, verify: true })).close();
  });

  it('to which nothing was ever written is whole', async () => {
    const path = join(folder.path, 'bare');
    await openLmdb({ path, ...AS_A_STORE }).close();
    expect(statSync(join(path, 'data.mdb')).size).toBeGreaterThan(0);
    const { lost, notes, format } = await verifyFolder(path);
    expect([lost.told, notes.told, format]).toEqual([[], [], undefined]);
  });

  it('of which pages that nobody refers to hold noise is whole', async () => {
    const { size } = statSync(patient.path);
    writeFileSync(patient.path, Buffer.alloc(3 * PAGE, 0xa5), { flag: 'a' });
    expect(statSync(patient.path).size).toBe(size + 3 * PAGE);
    expect(await open(true)).toBe(403);
  });
});

describe('a data file that is not there as it was', () => {
  it('emptied', async () => {
    patient.cut(0);
    await expect(open()).rejects.toEqual(corrupt('data.mdb is empty'));
    await expect(open(true)).rejects.toEqual(corrupt('data.mdb is empty'));
    expect(statSync(patient.path).size).toBe(0);
  });

  it('removed', async () => {
    rmSync(patient.path);
    await expect(open()).rejects.toEqual(corrupt('data.mdb is missing'));
    expect(existsSync(patient.path)).toBe(false);
  });

  it('replaced by a new one that holds nothing', async () => {
    patient.cut(0);
    for (const page of [0, 1]) {
      const meta = Buffer.from(
        readFileSync(join(sound, 'data.mdb')).subarray(page * PAGE, (page + 1) * PAGE),
      );
      meta
        .fill(0xff, 88, 96)
        .fill(0, 48 + 4 + 2, 88)
        .fill(0, 96 + 4 + 2, 136)
        .fill(0xff, 136, 144)
        .fill(0, 144, 160);
      writeFileSync(patient.path, meta, { flag: 'a' });
    }
    await expect(open()).rejects.toEqual(corrupt('data.mdb holds nothing'));
  });

  it.each([0, 4096, 12_288])('a new one of 0.1.0 with room for %i bytes only opens as new', async (size) => {
    const path = join(folder.path, 'new');
    mkdirSync(path);
    const begin = Buffer.alloc(size);
    readFileSync(join(sound, 'data.mdb')).copy(begin, 0, 0, Math.min(size, 48));
    if (size > 0) begin.writeUInt32LE(PAGE, 48);
    writeFileSync(join(path, 'data.mdb'), begin);
    await (await openLmdbStorage({ path })).close();
    expect(statSync(join(path, 'data.mdb')).size).toBeGreaterThan(PAGE);
  });

  it('cut, unless only free pages are gone', async () => {
    const used = Math.max(
      ...['leaf-groups', 'log', 'blobs', 'dust-orm'].flatMap((name) => patient.pages(name)),
    );
    for (const end of [(used + 1) * PAGE - 1, used * PAGE, 10 * PAGE]) {
      patient.cut(end);
      await expect(open()).rejects.toEqual(corrupt('data.mdb is cut off'));
      await expect(open(true)).rejects.toEqual(corrupt(/the end of data\.mdb \(it is cut off\)/));
    }
  });
});

describe('a meta page', () => {
  it.each<[string, (meta: Buffer) => void, RegExp]>([
    [
      'without its magic',
      (meta) => meta.writeUInt32LE(1, 24),
      /not an LMDB file|page 1 of data\.mdb is damaged/,
    ],
    [
      'of another version',
      (meta) => meta.writeUInt32LE(9, 28),
      /not an LMDB file|page 1 of data\.mdb is damaged/,
    ],
    [
      'of another kind',
      (meta) => meta.writeUInt16LE(2, 18),
      /not an LMDB file|page 1 of data\.mdb is damaged/,
    ],
    ['with another page size', (meta) => meta.writeUInt32LE(4096, 48), /pages of 4096 bytes, not of 8192/],
    [
      'whose root lies outside',
      (meta) => meta.writeUInt32LE(1e6, 136),
      /page 1000000: it lies outside of the file/,
    ],
    ['whose root is a meta page', (meta) => meta.writeUInt32LE(1, 136), /page 1: it lies outside/],
    ['without a root', (meta) => meta.fill(0xff, 136, 144), /list of databases \(its root is lost\)/],
    [
      'of a depth that cannot be',
      (meta) => meta.writeUInt16LE(99, 102),
      /list of databases \(its root is lost\)/,
    ],
    ['of another depth', (meta) => meta.writeUInt16LE(2, 102), /page \d+: it is of another kind/],
    ['that ends too early', (meta) => meta.writeUInt32LE(5, 144), /it lies outside of the file/],
    [
      'that ends one page too late',
      (meta) => meta.writeUInt32LE(statSync(patient.path).size / PAGE, 144),
      /data\.mdb is cut off/,
    ],
    ['that ends too late', (meta) => meta.writeUInt32LE(5000, 144), /data\.mdb is cut off/],
    ['that ends beyond all measure', (meta) => meta.fill(0x7f, 144, 152), /data\.mdb is cut off/],
    [
      'of a transaction of the other page',
      (meta) => meta.writeUInt8((meta[152] ?? 0) ^ 1, 152),
      /page [01] of data\.mdb is damaged/,
    ],
    [
      'with another number of entries',
      (meta) => meta.writeUInt32LE(77, 128),
      /it has \d+ entries and not 77/,
    ],
    [
      'with a free tree elsewhere',
      (meta) => meta.writeUInt32LE(1e6, 88),
      /list of free pages \(page 1000000/,
    ],
  ])('%s', async (_, harm, message) => {
    patient.change(patient.metaPage, harm);
    await expect(open()).rejects.toEqual(corrupt(message));
    await expect(open(true)).rejects.toEqual(corrupt(/Lost or changed/));
  });
});

describe('a page of a tree', () => {
  it.each<[string, (page: Buffer) => void, RegExp]>([
    ['that is empty', (page) => page.fill(0), /it is empty/],
    ['of noise', (page) => page.fill(0xa5), /it holds something else/],
    ['of another place', (page) => page.writeUInt32LE(3, 0), /it holds something else/],
    ['of another kind', (page) => page.writeUInt16LE(4, 18), /it is of another kind/],
    ['of a later transaction', (page) => page.fill(0x7f, 8, 14), /of a transaction that never was/],
    ['without bounds', (page) => page.writeUInt16LE(9000, 22), /its bounds cannot be/],
    ['with bounds that cross', (page) => page.writeUInt16LE(8000, 20), /its bounds cannot be/],
    ['without entries', (page) => page.writeUInt16LE(0, 20), /it holds too little/],
    [
      'with fewer entries',
      (page) => page.writeUInt16LE(page.readUInt16LE(20) - 2, 20),
      /its entries do not fill it/,
    ],
    ['with an entry outside', (page) => page.writeUInt16LE(8166, 24), /does not lie in it/],
    [
      'with an entry twice',
      (page) => page.writeUInt16LE(page.readUInt16LE(26), 24),
      /do not fill it|out of order/,
    ],
    ['with entries exchanged', exchange, /its keys are out of order/],
    [
      'with a key of another place',
      (page) => page.fill(0xff, secondKey(page), secondKey(page) + 1),
      /out of order|lie in it/,
    ],
  ])('%s', async (_, harm, message) => {
    const [root, first, second] = patient.pages('leaf-groups');
    expect([root, first, second]).not.toContain(undefined);
    for (const [page, place] of [
      [root!, /leaves/],
      [second!, /leaves from "notes\/k\d+\/" to before "notes\/k\d+\/"/],
    ] as const) {
      cpSync(join(sound, 'data.mdb'), patient.path);
      patient.change(page, harm);
      if (page === root && readFileSync(patient.path).equals(readFileSync(join(sound, 'data.mdb')))) continue;
      const told = page === root ? /leaves|lost/ : message;
      await expect(open()).rejects.toEqual(corrupt(told));
      await expect(open()).rejects.toEqual(corrupt(place));
      await expect(open(true)).rejects.toEqual(corrupt(told));
    }
  });

  it('that two parents share', async () => {
    const [root] = patient.pages('leaf-groups');
    patient.change(root!, (page) => {
      const [one, other] = [24, 26].map((at) => 24 + page.readUInt16LE(at));
      page.copyWithin(other!, one!, one! + 4);
    });
    await expect(open()).rejects.toEqual(corrupt(/in use twice/));
  });

  it('behind the first ones is known to verify alone', async () => {
    const path = join(folder.path, 'many');
    const store = new Store({ storage: await openLmdbStorage({ path }) });
    const text = 'z'.repeat(3500);
    for (let batch = 0; batch < 10; batch++) {
      const operations = Array.from({ length: 300 }, (_, i) => ({
        op: 'set' as const,
        path: `m/${batch}-${i}`,
        value: text,
      }));
      await store.writeBatch({ operations });
    }
    await store.close();
    const many = new Patient(path);
    many.change(many.pages('leaf-groups').at(-1)!, (page) => page.fill(0));
    await (await openLmdbStorage({ path })).close();
    await expect(openLmdbStorage({ path, verify: true })).rejects.toEqual(
      corrupt(/leaves from "m\/.*it is empty/),
    );
  });
});

describe('a large value', () => {
  it.each<[string, (page: Buffer) => void, RegExp]>([
    ['that is empty', (page) => page.fill(0), /it is empty/],
    ['of another place', (page) => page.writeUInt32LE(3, 0), /it holds something else/],
    ['of another kind', (page) => page.writeUInt16LE(2, 18), /of another kind/],
    ['of another length', (page) => page.writeUInt32LE(2, 20), /its length is another/],
  ])('%s', async (_, harm, message) => {
    patient.change(patient.overflowPage('leaf-groups'), harm);
    await expect(open()).rejects.toEqual(corrupt(message));
    await expect(open()).rejects.toEqual(corrupt(/leaves from "large" to before "notes\/"/));
    await expect(open(true)).rejects.toEqual(corrupt(message));
  });

  it('that has changed within is known to verify alone', async () => {
    patient.change(patient.overflowPage('leaf-groups') + 1, (page) => page.fill(0));
    await open();
    await expect(open(true)).rejects.toEqual(corrupt(/the leaf "large" \(its value cannot be read\)/));
  });
});

describe('what is stored', () => {
  it('a value that is no JSON', async () => {
    patient.replace('"value of 7 ', '?value of 7 ');
    expect(await lost()).toEqual(['the leaf "notes/k7/text" (its value cannot be read)']);
  });

  it('bytes that are no text', async () => {
    patient.change(patient.pages('leaf-groups')[1]!, (page) => {
      const at = page.indexOf('value of ');
      page[at] = 0xff;
    });
    expect(await lost()).toEqual([
      expect.stringMatching(/^the leaves directly below "notes\/k\d+" \(they cannot be read\)/),
    ]);
  });

  it('a type that does not exist', async () => {
    patient.replace('text\t8\t\t"value of 7 ', 'text\t8\tweirdo\t"of 7 ');
    expect(await lost()).toEqual(['the leaf "notes/k7/text" (its revision and type cannot be read)']);
  });

  it.each([
    ['text\tx\t\t"value of 7 ', 'its revision and type cannot be read'],
    ['text\t\t8\t"value of 7 ', 'its revision and type cannot be read'],
    ['text\t8\t\t\tvalue of 7 ', 'its value cannot be read'],
    ['text\t8\t\n"value of 7 ', 'its value cannot be read'],
  ])('a leaf that is none: %j', async (found, fault) => {
    patient.replace('text\t8\t\t"value of 7 ', found);
    expect((await lost())[0]).toBe(`the leaf "notes/k7/text" (${fault})`);
  });

  it('a group that is none', async () => {
    patient.replace('\ntext\t8\t\t', ' text\t8\t\t');
    expect(await lost()).toEqual(['the leaves directly below "notes/k7" (they cannot be read)']);
  });

  it('a revision beyond the last operation', async () => {
    patient.replace('text\t301\t', 'text\t901\t');
    expect(await lost()).toEqual(['the leaf "notes/k300/text" (it is newer than the store)']);
  });

  it('a value that the log has otherwise', async () => {
    patient.replace('text\t391\t\t"value of 390 ', 'text\t391\t\t"value of 399 ');
    await open();
    expect(await lost()).toEqual(['the leaf "notes/k390/text" (the log has another value for it)']);
  });

  it('a leaf that the log has otherwise', async () => {
    patient.replace('text\t391\t', 'text\t392\t');
    expect(await lost()).toEqual(['the leaf "notes/k390/text" (the log has another leaf at its revision)']);
  });

  it('a path that cannot be', async () => {
    patient.replace('\ntext\t8\t', '\n/ext\t8\t');
    expect(await lost()).toEqual(['the leaf "notes/k7//ext" (its path cannot be)']);
  });

  it('a content that has changed', async () => {
    patient.change(patient.overflowPage('blobs'), (page) => page.fill('x', 4000, 4001));
    expect(await lost()).toEqual([
      expect.stringMatching(/^the content sha256:[0-9a-f]{64} \(it has changed\)/),
    ]);
  });

  it.each([
    ['no JSON', '["set","notes/k390/text"', '?"set","notes/k390/text"'],
    ['of no kind', '["set","notes/k390/text"', '[12345,"notes/k390/text"'],
    ['of a path that is none', '["set","notes/k390/text"', '["set",12345678901234567'],
    ['of a path that cannot be', '["set","notes/k390/text"', '["set","notes/k390//ext"'],
  ])('an operation that is %s', async (_, written, found) => {
    patient.replace(written, found);
    expect(await lost()).toEqual(['operation 391 of the log (it cannot be read)']);
  });

  it('counters that are not those of the log', async () => {
    patient.replace('"storeSeq":403', '"storeSeq":402');
    await expect(open()).rejects.toEqual(
      corrupt('its log ends with operation 403 and its counters with 402'),
    );
    expect(await lost()).toContain('operations of the log (it ends at 403 and the store at 402)');
  });

  it('counters that cannot be read', async () => {
    patient.replace('"storeSeq":403', '"starSeq_":403');
    await expect(open()).rejects.toEqual(corrupt('its log ends with operation 403 and its counters with 0'));
    expect(await lost()).toEqual(['the counters of the store (they cannot be read)']);
  });

  it('a format that cannot be read', async () => {
    const [page] = patient.pages('dust-orm');
    patient.change(page!, (bytes) => {
      const at = 24 + bytes.readUInt16LE(26);
      expect(bytes.toString('latin1', at + 8, at + 14)).toBe('format');
      bytes[at + 8 + bytes.readUInt16LE(at + 6)] = 0x3f;
    });
    expect(await lost()).toEqual(['the version of the format (it cannot be read)']);
  });
});

describe('the list of free pages', () => {
  it('that names a page in use', async () => {
    const [page] = patient.pages('leaf-groups');
    patient.freeInstead(page!);
    expect(await lost()).toEqual([`page ${page} (it is in use and free)`]);
  });

  it.each<[string, () => number]>([
    ['a root', () => 1],
    ['the page behind the last', () => patient.meta.lastPage + 1],
    ['one far behind it', () => 1_000_000],
  ])('that names %s', async (_, page) => {
    patient.freeInstead(page());
    expect(await lost()).toEqual([expect.stringContaining('it names pages outside of the file')]);
  });
});

describe('what is missing without a trace in the pages', () => {
  /** Changes the store behind its back, as nothing but a fault of this package would. */
  const without = async (change: (root: RootDatabase) => Promise<unknown>): Promise<void> => {
    const root = openLmdb({ path: folder.path, ...AS_A_STORE });
    await change(root);
    await root.close();
  };
  const firstKey = (root: RootDatabase, name: string): string => {
    for (const key of root.openDB(name, {}).getKeys()) return String(key);
    throw new Error(`nothing in ${name}`);
  };

  it('an operation of the log', async () => {
    await without((root) => root.openDB('log', { encoding: 'json' }).remove(350));
    await expect(open()).rejects.toEqual(corrupt(/its log from \d+ to 403 lacks 1 operations/));
    expect(await lost()).toEqual(['operations of the log from 350 to 350 (they are missing)']);
  });

  it('a snapshot before the last operation', async () => {
    await without((root) =>
      root.openDB('dust-orm', { encoding: 'json' }).put('counters', { storeSeq: 403, snapshotSeq: 404 }),
    );
    await expect(open()).rejects.toEqual(corrupt('its snapshot, 404, is newer than its last operation, 403'));
    expect(await lost()).toEqual(['the counters of the store (they cannot be read)']);
  });

  it('the content of a file, or its media type', async () => {
    let hash = '';
    await without((root) => {
      hash = firstKey(root, 'blobs');
      return root.openDB('blobs', {}).remove(hash);
    });
    expect(await lost()).toEqual([`the content ${hash} (it is missing)`]);
    await without((root) => root.openDB('blob-types', {}).remove(hash));
    const report = await verifyFolder(folder.path);
    expect(report.lost.told).toEqual([]);
    expect(report.notes.told).toEqual([
      expect.stringMatching(/^the content of the file at "files\/(one|two)"/),
    ]);
    await without((root) => root.openDB('blob-types', {}).remove(firstKey(root, 'blobs')));
    expect(await lost()).toEqual([expect.stringMatching(/^the media type of sha256:.* \(it is missing\)/)]);
  });
});

it('a file that is written to while it is looked at is looked at again', async () => {
  const before = patient.meta.transaction;
  const read = jest.spyOn(PageFile.prototype, 'readPages').mockImplementationOnce(() => {
    patient.change(patient.metaPage, (meta) => meta.writeUInt32LE(before + 2, 152));
    return Buffer.alloc(PAGE, 0xa5);
  });
  try {
    expect(openingFault(folder.path)).toBeUndefined();
  } finally {
    read.mockRestore();
  }
  expect(patient.meta.transaction).toBe(before + 2);
});

it('a file that is written to each time that it is looked at is looked at five times, and taken for sound', () => {
  const { metaPage } = patient;
  let { transaction } = patient.meta;
  const read = jest.spyOn(PageFile.prototype, 'readPages').mockImplementation(() => {
    transaction += 2;
    patient.change(metaPage, (meta) => meta.writeUInt32LE(transaction, 152));
    return Buffer.alloc(PAGE, 0xa5);
  });
  let looks = 0;
  const bytes = jest.spyOn(PageFile.prototype, 'readBytes');
  try {
    expect(openingFault(folder.path)).toBeUndefined();
  } finally {
    read.mockRestore();
    looks = bytes.mock.calls.filter(([position]) => position === 0).length;
    bytes.mockRestore();
  }
  // Each looks at the beginning of the file twice: before and behind.
  expect(looks).toBe(2 * 5);
});

it('the value of a leaf that was written as part of a map is compared too', async () => {
  const path = join(folder.path, 'maps');
  const store = new Store({ storage: await openLmdbStorage({ path }) });
  await store.write({ op: 'set', path: 'a', value: { b: { c: 'deep in it' }, d: 1 } });
  await store.close();
  new Patient(path).replace('"deep in it"', '"deep is it"', ['leaf-groups']);
  expect((await verifyFolder(path)).lost.told).toEqual([
    'the leaf "a/b/c" (the log has another value for it)',
  ]);
});

it('a newer format beside the data is refused before the data is looked at', async () => {
  writeFileSync(join(folder.path, 'FORMAT'), '4\n');
  patient.cut(0);
  await expect(open()).rejects.toEqual(expect.objectContaining({ kind: 'storage', detail: 'newer_version' }));
});

it('of a file that says nothing of its pages none are told to be there', async () => {
  for (const page of [0, 1]) patient.change(page, (bytes) => bytes.fill(0));
  const told: FolderProgress[] = [];
  const report = await verifyFolder(folder.path, { onProgress: (progress) => told.push(progress) });
  expect(report.lost.told).toEqual([expect.stringMatching(/^everything/)]);
  expect(told).toEqual([{ stage: 'verify', folder: folder.path, done: 0, total: 0 }]);
});

it('many faults are counted, and the first ones told', async () => {
  for (const page of patient.pages('leaf-groups').slice(1)) patient.change(page, (bytes) => bytes.fill(0));
  for (const page of patient.pages('log').slice(1)) patient.change(page, (bytes) => bytes.fill(0));
  const report = await verifyFolder(folder.path);
  expect(report.lost.count).toBeGreaterThan(20);
  expect(report.lost.told).toHaveLength(20);
  await expect(open(true)).rejects.toEqual(
    corrupt(new RegExp(`in ${report.lost.count} places.*and ${report.lost.count - 20} more`)),
  );
});

function secondKey(page: Buffer): number {
  return 24 + page.readUInt16LE(26) + 8;
}

function exchange(page: Buffer): void {
  const [one, other] = [page.readUInt16LE(26), page.readUInt16LE(28)];
  page.writeUInt16LE(other, 26);
  page.writeUInt16LE(one, 28);
}

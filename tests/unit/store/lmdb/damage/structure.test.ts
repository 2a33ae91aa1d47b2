import { Findings } from '../../../../../src/store/lmdb/damage/findings.js';
import type { Meta } from '../../../../../src/store/lmdb/damage/layout.js';
import { NODE_FLAGS } from '../../../../../src/store/lmdb/damage/layout.js';
import type { PageFile } from '../../../../../src/store/lmdb/damage/page-file.js';
import { Structure } from '../../../../../src/store/lmdb/damage/structure.js';
import { EMPTY_TREE } from './entries.js';
import { PAGE_SIZE, pageOf } from './pages.js';

/** The page that the list of free pages lies in, and how many pages the file has. */
const [FREE_PAGE, PAGES] = [2, 3];

/** The bytes of a record of free pages. */
function record(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * (numbers.length + 1));
  [numbers.length, ...numbers].forEach((number, i) => bytes.writeBigInt64LE(BigInt(number), 8 * i));
  return bytes;
}

/** A file of {@link PAGES} pages whose state has pages up to `lastPage`, of which those in `free` are free. */
function fileWith(lastPage: number, free: readonly number[] | Buffer, more = 0) {
  const data = Buffer.isBuffer(free) ? free : record(free);
  const page = pageOf(FREE_PAGE, 'leaf', [
    { key: '00000001', size: data.length, flags: NODE_FLAGS.inline, data },
  ]);
  const file = {
    size: PAGES * PAGE_SIZE + more,
    readPages: (number: number) => (number === FREE_PAGE ? page : undefined),
  };
  const meta: Meta = {
    pageSize: PAGE_SIZE,
    free: { ...EMPTY_TREE, depth: 1, leafPages: 1, entries: 1, root: FREE_PAGE },
    main: EMPTY_TREE,
    lastPage,
    transaction: 6,
  };
  const lost = new Findings();
  return { structure: new Structure(file as unknown as PageFile, meta, lost), lost };
}

/** The most pages that may be missing, and the first of them. */
const [MOST, FIRST] = [2 ** 20, PAGES];

describe('a file that ends before its last page', () => {
  it.each<[string, number, readonly number[], boolean]>([
    ['has all of its pages', PAGES - 1, [], false],
    ['lacks one in use', PAGES, [], true],
    ['lacks one that is free', PAGES, [PAGES], false],
    ['lacks two, of which the first is free', PAGES + 1, [PAGES], true],
    ['lacks two, of which the last is free', PAGES + 1, [PAGES + 1], true],
    ['lacks two that are free as a run', PAGES + 1, [-2, PAGES], false],
    ['lacks two that are free in a run that begins before its end', PAGES + 1, [-3, PAGES - 1], false],
    ['lacks two that are free in a run that goes beyond the last one', PAGES + 1, [-9, PAGES], false],
    ['lacks as many as one transaction may leave out', FIRST + MOST - 1, [-MOST, FIRST], false],
    ['lacks more than that, whatever is free', FIRST + MOST, [-MOST - 1, FIRST], true],
  ])('is cut off or not: it %s', (_, lastPage, free, isCutOff) => {
    expect(fileWith(lastPage, free).structure.isCutOff()).toBe(isCutOff);
  });

  it('has only the pages that are whole', () => {
    expect(fileWith(PAGES, [], PAGE_SIZE - 1).structure.isCutOff()).toBe(true);
    expect(fileWith(PAGES, [], PAGE_SIZE).structure.isCutOff()).toBe(false);
  });
});

describe('the list of free pages', () => {
  const outside = ['all of: the list of free pages (it names pages outside of the file)'];

  it.each<[string, readonly number[] | Buffer, readonly string[]]>([
    ['may name none', [], []],
    ['may name the last page', [9], []],
    ['may name a run up to the last page', [-2, 8], []],
    ['may not name what lies behind it', [10], outside],
    ['may not name a run that goes beyond it', [-2, 9], outside],
    ['may not name a page with a state', [1], outside],
    ['may not name what it lies in itself', [-2, 2], ['page 2 (it is in use and free)']],
    ['names what is in use once for a run', [-4, 2, 2], Array(2).fill('page 2 (it is in use and free)')],
    [
      'may not be cut',
      record([7, 8]).subarray(0, 16),
      ['a part of the list of free pages (it cannot be read)'],
    ],
  ])('%s', (_, free, told) => {
    const { structure, lost } = fileWith(9, free);
    expect([...structure.checkFree()]).toHaveLength(1);
    expect(lost.told).toEqual(told);
  });
});

it('databases are told by their names, and what is none any more', () => {
  const treeData = Buffer.alloc(48, 0xff);
  const page = pageOf(FREE_PAGE, 'leaf', [
    { key: 'log\0', size: 4, flags: NODE_FLAGS.inline, data: Buffer.alloc(4) },
    { key: 'old', size: 48, flags: NODE_FLAGS.tree, data: treeData },
    { key: 'with\0in\0', size: 48, flags: NODE_FLAGS.tree, data: treeData },
  ]);
  const file = { size: PAGES * PAGE_SIZE, readPages: () => page };
  const main = { ...EMPTY_TREE, depth: 1, leafPages: 1, entries: 3, root: FREE_PAGE };
  const lost = new Findings();
  const meta = { pageSize: PAGE_SIZE, free: EMPTY_TREE, main, lastPage: 2, transaction: 6 };
  const structure = new Structure(file as unknown as PageFile, meta, lost);
  expect(Array.from(structure.named(), ({ name }) => name)).toEqual(['old', 'with\0in']);
  expect(lost.told).toEqual(['the database "log" (it is no longer one)']);
  expect(structure.pagesMet).toBe(1);
});

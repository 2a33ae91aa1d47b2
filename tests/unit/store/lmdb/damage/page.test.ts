import { NODE_FLAGS, TREE_RECORD_BYTES } from '../../../../../src/store/lmdb/damage/layout.js';
import { readPage } from '../../../../../src/store/lmdb/damage/page.js';
import { PAGE_SIZE, pageOf } from './pages.js';

const inline = (key: string, value: string) => ({
  key,
  size: value.length,
  flags: NODE_FLAGS.inline,
  data: Buffer.from(value),
});
const LEAF = () =>
  pageOf(7, 'leaf', [
    inline('a', 'one'),
    { key: 'bb', size: 9_000, flags: NODE_FLAGS.overflow, data: Buffer.alloc(24, 'o') },
    { key: 'c', size: TREE_RECORD_BYTES, flags: NODE_FLAGS.tree, data: Buffer.alloc(TREE_RECORD_BYTES, 't') },
    inline('d', ''),
  ]);
const BRANCH = () =>
  pageOf(7, 'branch', [
    { key: '', size: 8, flags: 0 },
    { key: 'm', size: 9, flags: 1 },
  ]);
const read = (bytes: Buffer, kind: 'leaf' | 'branch' = 'leaf', transaction = 5) =>
  readPage(bytes, { number: 7, kind, transaction });

describe('a page of a tree', () => {
  it('with values, or with what leads to them', () => {
    const content = read(LEAF());
    if (!('leaves' in content)) throw new Error('no leaves');
    expect(
      content.leaves.map(({ key, size, flags, data }) => [String(key), size, flags, String(data)]),
    ).toEqual([
      ['a', 3, NODE_FLAGS.inline, 'one'],
      ['bb', 9_000, NODE_FLAGS.overflow, 'o'.repeat(24)],
      ['c', TREE_RECORD_BYTES, NODE_FLAGS.tree, 't'.repeat(TREE_RECORD_BYTES)],
      ['d', 0, NODE_FLAGS.inline, ''],
    ]);
  });

  it('with others below, whose numbers have 48 bits', () => {
    const content = read(BRANCH(), 'branch');
    if (!('branches' in content)) throw new Error('no branches');
    expect(content.branches.map(({ key, page }) => [String(key), page])).toEqual([
      ['', 8],
      ['m', 9 + 2 ** 32],
    ]);
  });

  it('that is full', () => {
    const value = 'x'.repeat(PAGE_SIZE - 24 - 2 - 8 - 2);
    expect(read(pageOf(7, 'leaf', [inline('kk', value)]))).toHaveProperty('leaves');
  });

  it.each<[string, string, (page: Buffer) => unknown]>([
    ['is empty', 'it is empty', (page) => page.fill(0)],
    ['is of another number', 'it holds something else', (page) => page.writeUInt8(8, 0)],
    ['is of another kind', 'it is of another kind', (page) => page.writeUInt16LE(1, 18)],
    ['is of no transaction', 'it is of a transaction that never was', (page) => page.writeUInt8(0, 8)],
    ['is of a later one', 'it is of a transaction that never was', (page) => page.writeUInt8(6, 8)],
    ['has an odd list', 'its bounds cannot be', (page) => page.writeUInt16LE(7, 20)],
    ['has a list beyond its nodes', 'its bounds cannot be', (page) => page.writeUInt16LE(8_168, 20)],
    ['has nodes beyond its end', 'its bounds cannot be', (page) => page.writeUInt16LE(8_170, 22)],
    ['has nothing', 'it holds too little', (page) => page.writeUInt16LE(0, 20)],
    [
      'has a node at an odd place',
      'an entry of it does not lie in it',
      (page) => page.writeUInt16LE(8_155, 24),
    ],
    ['has a node in its list', 'an entry of it does not lie in it', (page) => page.writeUInt16LE(10, 24)],
    ['has a node at its end', 'an entry of it does not lie in it', (page) => page.writeUInt16LE(8_166, 24)],
    [
      'has a node of no kind',
      'an entry of it does not lie in it',
      (page) => page.writeUInt16LE(3, 24 + page.readUInt16LE(24) + 4),
    ],
    [
      'has a tree that is none',
      'an entry of it does not lie in it',
      (page) => page.writeUInt32LE(47, 24 + page.readUInt16LE(28)),
    ],
    [
      'has a value beyond its end',
      'an entry of it does not lie in it',
      (page) => page.writeUInt32LE(6, 24 + page.readUInt16LE(24)),
    ],
    [
      'has a key beyond its end',
      'an entry of it does not lie in it',
      (page) => page.writeUInt16LE(200, 24 + page.readUInt16LE(24) + 6),
    ],
    ['lacks a node', 'its entries do not fill it', (page) => page.writeUInt16LE(6, 20)],
    [
      'has a node twice',
      'its entries do not fill it',
      (page) => page.writeUInt16LE(page.readUInt16LE(26), 24),
    ],
  ])('%s', (_, fault, damage) => {
    const page = LEAF();
    damage(page);
    expect(read(page)).toEqual({ fault: `page 7: ${fault}` });
  });

  it('of a tree lies above two at least', () => {
    const page = pageOf(7, 'branch', [{ key: '', size: 8, flags: 0 }]);
    expect(read(page, 'branch')).toEqual({ fault: 'page 7: it holds too little' });
    expect(read(BRANCH())).toEqual({ fault: 'page 7: it is of another kind' });
    expect(read(LEAF(), 'leaf', 4)).toEqual({ fault: 'page 7: it is of a transaction that never was' });
  });
});

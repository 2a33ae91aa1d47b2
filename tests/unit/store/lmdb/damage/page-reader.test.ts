import { NODE_FLAGS } from '../../../../../src/store/lmdb/damage/layout.js';
import type { LeafNode } from '../../../../../src/store/lmdb/damage/page.js';
import type { PageFile } from '../../../../../src/store/lmdb/damage/page-file.js';
import { PageReader } from '../../../../../src/store/lmdb/damage/page-reader.js';
import { PAGE_SIZE, overflowPage, pageOf } from './pages.js';

const VALUE = Buffer.alloc(10_000, 'v');

/** A file of ten pages: 4 is one of a tree, 6 and 7 hold a large value. */
function scene() {
  const file = Buffer.alloc(10 * PAGE_SIZE);
  pageOf(4, 'leaf', [{ key: 'a', size: 1, flags: 0, data: Buffer.from('x') }]).copy(file, 4 * PAGE_SIZE);
  overflowPage(6, 2, VALUE).copy(file, 6 * PAGE_SIZE);
  const readPages = jest.fn((number: number, count?: number): Buffer | undefined => {
    const [from, length] = [number * PAGE_SIZE, (count ?? 1) * PAGE_SIZE];
    const bytes = file.subarray(from, from + length);
    return bytes.length === length ? bytes : undefined;
  });
  const pages = { readPages } as unknown as PageFile;
  return { readPages, reader: new PageReader(pages, { transaction: 5, end: 10 }) };
}

/** A node that leads to a large value. */
function leading(page: number, count: number, size = VALUE.length): LeafNode {
  const data = Buffer.alloc(24);
  data.writeBigUInt64LE(BigInt(page), 0);
  data.writeBigUInt64LE(BigInt(count), 16);
  return { key: Buffer.from('k'), flags: NODE_FLAGS.overflow, size, data };
}

describe('a page of a tree', () => {
  it('is read once: met again, it is in use twice', () => {
    const { reader } = scene();
    expect(reader.isUsed(4)).toBe(false);
    expect(reader.tree(4, 'leaf')).toHaveProperty('leaves');
    expect(reader.isUsed(4)).toBe(true);
    expect(reader.tree(4, 'leaf')).toEqual({ fault: 'page 4: it is in use twice' });
  });

  it.each([0, 1, 10, 11, 2 ** 50])('%i lies outside', (page) => {
    const { reader, readPages } = scene();
    expect(reader.tree(page, 'leaf')).toEqual({ fault: `page ${page}: it lies outside of the file` });
    expect(readPages).not.toHaveBeenCalled();
  });

  it.each([2, 9])('%i does not', (page) => {
    expect(scene().reader.tree(page, 'leaf')).toEqual({ fault: `page ${page}: it is empty` });
  });

  it('may be behind the end of the file, or not be read', () => {
    const { reader, readPages } = scene();
    readPages.mockReturnValueOnce(undefined).mockImplementationOnce(() => {
      throw new Error('EIO');
    });
    expect(reader.tree(4, 'leaf')).toEqual({ fault: 'page 4: the file ends before it' });
    expect(reader.tree(5, 'leaf')).toEqual({ fault: 'page 5: the disk cannot read it, EIO' });
  });
});

describe('a large value', () => {
  it('is read from all of its pages, which are in use then', () => {
    const { reader } = scene();
    const run = reader.overflow(leading(6, 2));
    expect(run).toEqual({ page: 6, count: 2 });
    expect(reader.value({ page: 6, count: 2 }, VALUE.length)).toEqual(VALUE);
    expect([5, 6, 7, 8].map((page) => reader.isUsed(page))).toEqual([false, true, true, false]);
    expect(reader.tree(7, 'leaf')).toEqual({ fault: 'page 7: it is in use twice' });
  });

  it('that was made smaller keeps its pages', () => {
    expect(scene().reader.overflow(leading(6, 2, 10))).toEqual({ page: 6, count: 2 });
  });

  it.each<[string, LeafNode, string]>([
    ['needs more pages', leading(6, 1), 'its length cannot be'],
    ['needs one byte more than there is', leading(6, 2, 2 * PAGE_SIZE - 24 + 1), 'its length cannot be'],
    ['lies outside', leading(9, 2), 'page 9: it lies outside of the file'],
    ['says another length', leading(6, 3), 'page 6: its length is another'],
    ['is none', leading(4, 2), 'page 4: it is of another kind'],
    ['is nothing', leading(2, 2), 'page 2: it is empty'],
  ])('%s', (_, node, fault) => {
    expect(scene().reader.overflow(node)).toEqual({ fault });
  });

  it('that fills its pages is one', () => {
    expect(scene().reader.overflow(leading(6, 2, 2 * PAGE_SIZE - 24))).toEqual({ page: 6, count: 2 });
  });

  it('that shares a page is in use twice', () => {
    const { reader } = scene();
    reader.tree(7, 'leaf');
    expect(reader.overflow(leading(6, 2))).toEqual({ fault: 'page 7: it is in use twice' });
  });

  it('may not be read', () => {
    const { reader, readPages } = scene();
    readPages.mockReturnValueOnce(undefined);
    expect(reader.value({ page: 6, count: 2 }, 5)).toEqual({ fault: 'page 6: the file ends before it' });
  });
});

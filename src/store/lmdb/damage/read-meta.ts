import { PAGE_SIZE } from '../path-key.js';
import type { Meta } from './layout.js';
import { META_BYTES, META_PAGES, metaOf } from './layout.js';
import type { PageFile } from './page-file.js';

/** The state of a data file that counts, or what is wrong with how it is recorded. */
export type MetaReading = { readonly fault: string } | { readonly fault?: undefined; readonly meta: Meta };

/** Pages that a file of `size` bytes has. */
export const pagesIn = (size: number): number => Math.floor(size / PAGE_SIZE);

/** Reads both meta pages and chooses between them as LMDB does. */
export function readMeta(file: PageFile): MetaReading {
  const metas: Meta[] = [];
  for (let page = 0; page < META_PAGES; page++) {
    const meta = metaOf(file.readBytes(page * PAGE_SIZE, META_BYTES));
    if (meta === undefined) return { fault: lostMeta(file, page) };
    if (meta.pageSize !== PAGE_SIZE) {
      return { fault: `data.mdb has pages of ${meta.pageSize} bytes, not of ${PAGE_SIZE}` };
    }
    // Transactions write the two in turn; a file that is new has none.
    if (meta.transaction !== 0 && meta.transaction % META_PAGES !== page) {
      return { fault: `page ${page} of data.mdb is damaged` };
    }
    metas.push(meta);
  }
  if (file.size < META_PAGES * PAGE_SIZE) return { fault: 'data.mdb is cut off' };
  return { meta: metas.reduce((newest, meta) => (meta.transaction > newest.transaction ? meta : newest)) };
}

function lostMeta(file: PageFile, page: number): string {
  if (page === 0) return 'data.mdb is not an LMDB file';
  return file.size < META_PAGES * PAGE_SIZE ? 'data.mdb is cut off' : `page ${page} of data.mdb is damaged`;
}

import { messageOf } from '../../../errors.js';
import { PAGE_SIZE } from '../path-key.js';
import {
  META_PAGES,
  OVERFLOW_RECORD_BYTES,
  PAGE_FLAGS,
  PAGE_HEADER_BYTES,
  overflowPagesFor,
  overflowPagesOf,
  wholeNumber,
} from './layout.js';
import type { LeafNode, PageContent } from './page.js';
import { headerFault, readPage } from './page.js';
import type { PageFile } from './page-file.js';
import { PageSet } from './page-set.js';

/** Pages side by side that hold one large value. */
export interface OverflowRun {
  readonly fault?: undefined;
  readonly page: number;
  readonly count: number;
}

/** What is wrong with a page, or with the way to it. */
export interface PageFault {
  readonly fault: string;
}

/** Where the pages of one state of a file end. */
export interface PageBounds {
  /** The transaction that wrote the state. */
  readonly transaction: number;
  /** The first page number that cannot be in use. */
  readonly end: number;
}

/** Reads the pages of one state of a data file, each of them once: a page that is met again is in use twice. */
export class PageReader {
  readonly #file: PageFile;
  readonly #bounds: PageBounds;
  readonly #used: PageSet;

  constructor(file: PageFile, bounds: PageBounds) {
    this.#file = file;
    this.#bounds = bounds;
    this.#used = new PageSet(bounds.end);
  }

  /** How many pages were met. */
  get used(): number {
    return this.#used.size;
  }

  /** Whether a page was met. */
  isUsed(page: number): boolean {
    return this.#used.has(page);
  }

  /** A page of a tree. */
  tree(page: number, kind: 'branch' | 'leaf'): PageContent {
    const bytes = this.#claimed(page, 1);
    if (!Buffer.isBuffer(bytes)) return bytes;
    return readPage(bytes, { number: page, kind, transaction: this.#bounds.transaction });
  }

  /** The pages beside the tree that a large value takes, the first of which says how many they are. */
  overflow({ data, size }: LeafNode): OverflowRun | PageFault {
    const page = wholeNumber(data, 0);
    const count = wholeNumber(data, OVERFLOW_RECORD_BYTES - 8);
    // A value that was made smaller keeps its pages.
    if (count < overflowPagesFor(size, PAGE_SIZE)) return { fault: 'its length cannot be' };
    const head = this.#claimed(page, count);
    if (!Buffer.isBuffer(head)) return head;
    const { transaction } = this.#bounds;
    const fault = headerFault(head, { number: page, transaction }, PAGE_FLAGS.overflow);
    if (fault !== undefined) return at(page, fault);
    return overflowPagesOf(head) === count ? { page, count } : at(page, 'its length is another');
  }

  /** The bytes of a large value. */
  value({ page, count }: OverflowRun, size: number): Buffer | PageFault {
    const bytes = this.#read(page, count);
    return Buffer.isBuffer(bytes) ? bytes.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + size) : bytes;
  }

  /** The first of pages that nothing else uses. */
  #claimed(page: number, count: number): Buffer | PageFault {
    if (page < META_PAGES || page + count > this.#bounds.end) return at(page, 'it lies outside of the file');
    for (let i = 0; i < count; i++) {
      if (!this.#used.add(page + i)) return at(page + i, 'it is in use twice');
    }
    return this.#read(page, 1);
  }

  #read(page: number, count: number): Buffer | PageFault {
    try {
      return this.#file.readPages(page, count) ?? at(page, 'the file ends before it');
    } catch (error) {
      return at(page, `the disk cannot read it, ${messageOf(error)}`);
    }
  }
}

const at = (page: number, fault: string): PageFault => ({ fault: `page ${page}: ${fault}` });

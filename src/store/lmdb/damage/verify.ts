import { join } from 'node:path';
import { DATA_FILE, isFileThere } from '../folder/check-files.js';
import type { FolderWork } from '../../folder-work.js';
import { PAGE_SIZE } from '../path-key.js';
import { BlobContents } from './blob-contents.js';
import { FactContents } from './fact-contents.js';
import { Findings } from './findings.js';
import { GroupContents } from './group-contents.js';
import type { LeafSurroundings } from './leaf-check.js';
import { LeafContents } from './leaf-contents.js';
import type { TreeRecord } from './layout.js';
import { LogContents } from './log-contents.js';
import { PageFile } from './page-file.js';
import { readMeta } from './read-meta.js';
import { Structure } from './structure.js';
import type { Tree } from './tree.js';
import type { TreeEntry } from './tree-walk.js';

/** What walking all of a data file showed. */
export interface FolderReport {
  /** What is lost or has changed. */
  readonly lost: Findings;
  /** What may be as it should. */
  readonly notes: Findings;
  /** What could be read. */
  readonly leaves: number;
  readonly operations: number;
  readonly files: number;
  /** The seq of the last operation as it is noted; 0 when it is lost. */
  readonly storeSeq: number;
  /** The version of the layout; undefined when it is lost. */
  readonly format: number | undefined;
}

/** After how many pages others have their turn. */
const PAGES_PER_TURN = 64;

/** What is needed first comes first: leaves are compared with all the others. */
const ORDER = [
  'dust-orm',
  'log-border',
  'log',
  'blob-types',
  'blob-names',
  'blobs',
  'overlay',
  'overlay-groups',
  'leaves',
  'leaf-groups',
];

/**
 * Walks all of the data file in `folder` that nobody writes to meanwhile: every page that is in use, and every value
 * that is stored. Only reads it, page by page and without LMDB, so that no damage can end the process. Lets the event
 * loop turn every {@link PAGES_PER_TURN} pages.
 *
 * @throws DustError `storage` with detail `unreadable` when it is not a file; the system's error when it cannot be opened
 */
export async function verifyFolder(
  folder: string,
  { signal, onProgress }: FolderWork = {},
): Promise<FolderReport> {
  isFileThere(folder, DATA_FILE);
  const file = PageFile.open(join(folder, DATA_FILE));
  try {
    const verification = new Verification(file);
    let pages = 0;
    const steps = verification.steps();
    const tell = (): void => onProgress?.({ stage: 'verify', folder, ...verification.bytes });
    while (steps.next().done !== true) {
      if (++pages % PAGES_PER_TURN !== 0) continue;
      tell();
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
    tell();
    return verification.report();
  } finally {
    file.close();
  }
}

class Verification {
  readonly #file: PageFile;
  readonly #lost = new Findings();
  readonly #notes = new Findings();
  readonly #facts = new FactContents(this.#lost);
  readonly #log = new LogContents(this.#lost);
  readonly #blobs = new BlobContents(this.#lost);
  #leaves = 0;
  #structure: Structure | undefined;
  /** Pages of the trees, as they are noted. */
  #pages = 0;

  constructor(file: PageFile) {
    this.#file = file;
  }

  /** How much has been read, of about how much. */
  get bytes(): { readonly done: number; readonly total: number } {
    const met = this.#structure?.pagesMet ?? 0;
    return { done: met * PAGE_SIZE, total: Math.max(met, this.#pages) * PAGE_SIZE };
  }

  report(): FolderReport {
    return {
      lost: this.#lost,
      notes: this.#notes,
      leaves: this.#leaves,
      operations: this.#log.count,
      files: this.#blobs.count,
      storeSeq: this.#facts.storeSeq ?? 0,
      format: this.#facts.format,
    };
  }

  /** An item for each page of the trees. */
  *steps(): Generator<void, void, undefined> {
    const reading = readMeta(this.#file);
    if (reading.fault !== undefined) {
      this.#lost.add(`everything (${reading.fault})`);
      return;
    }
    const { meta } = reading;
    if (new Structure(this.#file, meta, new Findings()).isCutOff()) {
      this.#lost.add('the end of data.mdb (it is cut off)');
    }
    const structure = new Structure(this.#file, meta, this.#lost);
    const trees = [...structure.named()];
    this.#structure = structure;
    this.#pages = trees.reduce((sum, { record }) => sum + pagesOf(record), 0);
    if (meta.transaction === 0 && trees.length === 0) return;
    for (const tree of inOrder(trees)) {
      const { see, finish } = this.#visitor(tree.name);
      for (const entries of structure.pages(tree)) {
        for (const entry of entries) see(entry);
        yield;
      }
      finish?.();
    }
    this.#blobs.compare();
    this.#facts.compare(this.#log.count > 0);
    yield* structure.checkFree();
  }

  #visitor(name: string): Visitor {
    switch (name) {
      case 'dust-orm':
        return {
          see: (entry) => {
            this.#facts.see(entry);
          },
        };
      case 'log':
        return {
          see: (entry) => {
            this.#log.see(entry);
          },
          finish: () => {
            this.#compareLog();
          },
        };
      case 'blob-types':
        return {
          see: (entry) => {
            this.#blobs.seeType(entry);
          },
        };
      case 'blob-names':
        return {
          see: (entry) => {
            this.#blobs.seeName(entry);
          },
        };
      case 'blobs':
        return {
          see: (entry) => {
            this.#blobs.see(entry);
          },
        };
      case 'leaves':
        return this.#oldLeaves('the leaf', (count) => (this.#leaves += count));
      case 'overlay':
        return this.#oldLeaves('the leaf of the last snapshot');
      case 'leaf-groups':
        return this.#groups('', (count, isWhole) => {
          this.#countLeaves(count, isWhole);
        });
      case 'overlay-groups':
        return this.#groups(' of the last snapshot');
      default:
        return { see: ({ value }) => value() };
    }
  }

  /** Those that were not carried over. */
  #oldLeaves(place: string, counted?: (count: number) => void): Visitor {
    const contents = new LeafContents(place, this.#surroundings());
    return {
      see: (entry) => {
        contents.see(entry);
      },
      finish: () => counted?.(contents.count),
    };
  }

  #groups(kind: string, counted?: (count: number, isWhole: boolean) => void): Visitor {
    const contents = new GroupContents(kind, this.#surroundings());
    const lostBefore = this.#lost.count;
    const finish = (): void => {
      contents.finish();
      counted?.(contents.count, this.#lost.count === lostBefore);
    };
    return {
      see: (entry) => {
        contents.see(entry);
      },
      finish,
    };
  }

  #countLeaves(count: number, isWhole: boolean): void {
    this.#leaves += count;
    const noted = this.#facts.leafCount ?? 0;
    // Where leaves are lost their number is another, and that is no news.
    if (isWhole && noted !== count) {
      this.#lost.add(`the number of leaves (it is noted as ${noted}, and there are ${count})`);
    }
  }

  #surroundings(): LeafSurroundings {
    return {
      lost: this.#lost,
      notes: this.#notes,
      storeSeq: this.#facts.storeSeq,
      log: this.#log,
      blobs: this.#blobs,
    };
  }

  #compareLog(): void {
    const { last } = this.#log;
    const { storeSeq } = this.#facts;
    if (last === undefined || storeSeq === undefined || last === storeSeq) return;
    this.#lost.add(`operations of the log (it ends at ${last} and the store at ${storeSeq})`);
  }
}

/** What looks at the entries of a tree as they come by, and then at all of them together. */
interface Visitor {
  readonly see: (entry: TreeEntry) => unknown;
  readonly finish?: () => void;
}

function pagesOf({ branchPages, leafPages, overflowPages }: TreeRecord): number {
  return branchPages + leafPages + overflowPages;
}

function inOrder(trees: readonly Tree[]): Tree[] {
  const rank = ({ name }: Tree): number => ORDER.indexOf(name);
  return [...trees].sort((a, b) => rank(a) - rank(b));
}

import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Findings } from '../../../../../src/store/lmdb/damage/findings.js';
import type { Meta } from '../../../../../src/store/lmdb/damage/layout.js';
import { PageFile } from '../../../../../src/store/lmdb/damage/page-file.js';
import { readMeta } from '../../../../../src/store/lmdb/damage/read-meta.js';
import { Structure } from '../../../../../src/store/lmdb/damage/structure.js';
import type { Tree } from '../../../../../src/store/lmdb/damage/tree.js';

export const PAGE = 8192;

/** The data file of a closed store, to be damaged in a place that is known. */
export class Patient {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'data.mdb');
  }

  get meta(): Meta {
    return this.#reading((file) => {
      const { meta, fault } = { meta: undefined, ...readMeta(file) };
      if (meta === undefined) throw new Error(fault);
      return meta;
    });
  }

  /** The page of the newer state. */
  get metaPage(): number {
    return this.meta.transaction % 2;
  }

  /** What is recorded of a database. */
  tree(name: string): Tree {
    return this.#reading((file) => {
      const structure = new Structure(file, this.meta, new Findings());
      const tree = [...structure.named()].find((one) => one.name === name);
      if (tree === undefined) throw new Error(`no ${name}`);
      return tree;
    });
  }

  /** The pages of a database, its root first. */
  pages(name: string): number[] {
    const found: number[] = [];
    const { root, depth } = this.tree(name).record;
    const visit = (page: number, level: number): void => {
      found.push(page);
      if (level === 1) return;
      const bytes = this.read(page);
      const nodes = bytes.readUInt16LE(20) / 2;
      for (let i = 0; i < nodes; i++) {
        visit(bytes.readUInt32LE(24 + bytes.readUInt16LE(24 + 2 * i)), level - 1);
      }
    };
    if (root !== undefined) visit(root, depth);
    return found;
  }

  /** The first page of a large value of a database. */
  overflowPage(name: string): number {
    for (const page of this.pages(name)) {
      const bytes = this.read(page);
      if (bytes.readUInt16LE(18) !== 2) continue;
      for (let i = 0; i < bytes.readUInt16LE(20) / 2; i++) {
        const at = 24 + bytes.readUInt16LE(24 + 2 * i);
        if (bytes.readUInt16LE(at + 4) === 1) return bytes.readUInt32LE(at + 8 + bytes.readUInt16LE(at + 6));
      }
    }
    throw new Error('no large value');
  }

  /** Makes the first free page of the list another one. */
  freeInstead(other: number): void {
    this.change(this.meta.free.root ?? 0, (page) => {
      const node = 24 + page.readUInt16LE(24);
      const list = node + 8 + page.readUInt16LE(node + 6);
      const first = page.readBigInt64LE(list + 8);
      // A run is its length below zero, and then its first page.
      page.writeBigInt64LE(BigInt(other), list + (first < 0 ? 16 : 8));
    });
  }

  read(page: number): Buffer {
    const bytes = Buffer.alloc(PAGE);
    this.#writing((file) => readSync(file, bytes, 0, PAGE, page * PAGE));
    return bytes;
  }

  /** Changes the bytes of a page in place. */
  change(page: number, change: (bytes: Buffer) => void): void {
    const bytes = this.read(page);
    change(bytes);
    this.#writing((file) => writeSync(file, bytes, 0, PAGE, page * PAGE));
  }

  /** Changes a text to another one of the same length, wherever it is in pages that are in use. */
  replace(from: string, to: string, names = ['leaf-groups', 'log', 'dust-orm', 'blobs', 'blob-types']): void {
    let found = 0;
    for (const name of names) {
      for (const page of this.pages(name)) {
        this.change(page, (bytes) => {
          for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1), found++) {
            bytes.write(to, at);
          }
        });
      }
    }
    if (found === 0 || from.length !== to.length) throw new Error(`no ${from}`);
  }

  cut(size: number): void {
    this.#writing((file) => {
      ftruncateSync(file, size);
    });
  }

  #reading<T>(read: (file: PageFile) => T): T {
    const file = PageFile.open(this.path);
    try {
      return read(file);
    } finally {
      file.close();
    }
  }

  #writing<T>(write: (file: number) => T): T {
    const file = openSync(this.path, 'r+');
    try {
      return write(file);
    } finally {
      closeSync(file);
    }
  }
}

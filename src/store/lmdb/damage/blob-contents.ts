import { createHash } from 'node:crypto';
import type { Findings } from './findings.js';
import { textOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/** Contents are kept under this and the digits of their SHA-256. */
const HASHED = /^sha256:([0-9a-f]{64})$/;

/** The contents of files as they come by: first their media types and names, then each content under its hash. */
export class BlobContents {
  readonly #lost: Findings;
  readonly #typed = new Set<string>();
  readonly #present = new Set<string>();

  constructor(lost: Findings) {
    this.#lost = lost;
  }

  get count(): number {
    return this.#present.size;
  }

  has(hash: string): boolean {
    return this.#present.has(hash);
  }

  seeType(entry: TreeEntry): void {
    const hash = this.#text(entry, 'media type');
    if (hash !== undefined) this.#typed.add(hash);
  }

  seeName(entry: TreeEntry): void {
    this.#text(entry, 'name');
  }

  see({ key, value }: TreeEntry): void {
    const hash = textOf(key);
    const bytes = value();
    if (hash === undefined) this.#lost.add('the content of a file (its hash cannot be read)');
    if (hash === undefined || bytes === undefined) return;
    this.#present.add(hash);
    const digits = HASHED.exec(hash)?.[1];
    if (digits !== undefined && createHash('sha256').update(bytes).digest('hex') !== digits) {
      this.#lost.add(`the content ${hash} (it has changed)`);
    }
  }

  /** To be called when all was seen. */
  compare(): void {
    for (const hash of this.#typed) {
      if (!this.#present.has(hash)) this.#lost.add(`the content ${hash} (it is missing)`);
    }
    for (const hash of this.#present) {
      if (!this.#typed.has(hash)) this.#lost.add(`the media type of ${hash} (it is missing)`);
    }
  }

  #text({ key, value }: TreeEntry, what: string): string | undefined {
    const hash = textOf(key);
    const bytes = value();
    if (hash === undefined || (bytes !== undefined && textOf(bytes) === undefined)) {
      this.#lost.add(`the ${what} of ${hash ?? 'a file'} (it cannot be read)`);
    }
    return hash;
  }
}

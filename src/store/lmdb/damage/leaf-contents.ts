import { isBelow, pathFault } from '../../../protocol/path.js';
import { isLeafType } from '../../../protocol/value.js';
import type { BlobContents } from './blob-contents.js';
import type { Findings } from './findings.js';
import type { LogContents } from './log-contents.js';
import { digestOf } from './log-contents.js';
import { isCount, jsonOf, textOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/** What leaves are compared with. */
export interface LeafSurroundings {
  readonly lost: Findings;
  readonly notes: Findings;
  /** The seq of the store's last operation; undefined when that is lost. */
  readonly storeSeq: number | undefined;
  readonly log: LogContents;
  readonly blobs: BlobContents;
}

/** The leaves of a tree as they come by, each by itself and beside the operation that wrote it. */
export class LeafContents {
  readonly #place: string;
  readonly #beside: LeafSurroundings;
  #count = 0;

  /** @param place what the reader is told beside a path, such as `leaf` */
  constructor(place: string, beside: LeafSurroundings) {
    this.#place = place;
    this.#beside = beside;
  }

  get count(): number {
    return this.#count;
  }

  see({ key, value }: TreeEntry): void {
    this.#count += 1;
    const path = textOf(key);
    const name = `${this.#place} ${JSON.stringify(path ?? key.toString('latin1'))}`;
    const bytes = value();
    if (bytes === undefined) return;
    const fault =
      path === undefined || pathFault(path) !== undefined ? 'its path cannot be' : this.#fault(path, bytes);
    if (fault !== undefined) this.#beside.lost.add(`${name} (${fault})`);
  }

  #fault(path: string, bytes: Buffer): string | undefined {
    const stored = jsonOf(bytes);
    if (!Array.isArray(stored) || stored.length !== 3) return 'its value cannot be read';
    const [revision, type, value] = stored as unknown[];
    if (!isCount(revision) || !isLeafType(type)) return 'its revision and type cannot be read';
    const { storeSeq, log } = this.#beside;
    if (log.count > 0 && storeSeq !== undefined && revision > storeSeq) return 'it is newer than the store';
    if (type === 'file' || type === 'map') this.#seeFile(path, value);
    const operation = log.operation(revision);
    if (operation === undefined) return undefined;
    if (operation.path !== path && !isBelow(path, operation.path)) {
      return 'the log has another leaf at its revision';
    }
    const written = operation.written.get(path);
    return written !== undefined && written !== digestOf(value)
      ? 'the log has another value for it'
      : undefined;
  }

  #seeFile(path: string, value: unknown): void {
    const { blobs, notes } = this.#beside;
    if (typeof value !== 'object' || value === null || !('_type' in value) || value._type !== 'file') return;
    const hash = 'hash' in value ? value.hash : undefined;
    if (typeof hash !== 'string' || blobs.has(hash)) return;
    notes.add(`the content of the file at ${JSON.stringify(path)} (a dump does not carry it; or it is lost)`);
  }
}

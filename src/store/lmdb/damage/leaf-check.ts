import { isBelow, pathFault } from '../../../protocol/paths/path.js';
import { isLeafType } from '../../../protocol/values/value.js';
import type { BlobContents } from './blob-contents.js';
import type { Findings } from './findings.js';
import type { LogContents } from './log-contents.js';
import { digestOf } from './log-contents.js';
import { isCount, jsonOf } from './stored-values.js';

/** What leaves are compared with. */
export interface LeafSurroundings {
  readonly lost: Findings;
  readonly notes: Findings;
  /** The seq of the store's last operation; undefined when that is lost. */
  readonly storeSeq: number | undefined;
  readonly log: LogContents;
  readonly blobs: BlobContents;
}

export const PATH_FAULT = 'its path cannot be';
export const VALUE_FAULT = 'its value cannot be read';

/** What a leaf is found to be, each by itself and beside the operation that wrote it. */
export class LeafCheck {
  readonly #beside: LeafSurroundings;

  constructor(beside: LeafSurroundings) {
    this.#beside = beside;
  }

  /** What is wrong with a leaf that lies alone, in these bytes; undefined when nothing is. */
  faultIn(path: string, bytes: Buffer): string | undefined {
    const stored = jsonOf(bytes);
    if (!Array.isArray(stored) || stored.length !== 3) return VALUE_FAULT;
    const [revision, type, value] = stored as unknown[];
    return this.fault(path, revision, type, value);
  }

  /** What is wrong with a leaf of which this is stored. */
  fault(path: string, revision: unknown, type: unknown, value: unknown): string | undefined {
    if (pathFault(path) !== undefined) return PATH_FAULT;
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

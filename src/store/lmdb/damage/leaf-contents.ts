import type { LeafSurroundings } from './leaf-check.js';
import { LeafCheck, PATH_FAULT } from './leaf-check.js';
import { textOf } from './stored-values.js';
import type { TreeEntry } from './tree-walk.js';

/** The leaves of a tree of format 1 or 2 as they come by, each under its own path. */
export class LeafContents {
  readonly #place: string;
  readonly #beside: LeafSurroundings;
  readonly #check: LeafCheck;
  #count = 0;

  /** @param place what the reader is told beside a path, such as `the leaf` */
  constructor(place: string, beside: LeafSurroundings) {
    this.#place = place;
    this.#beside = beside;
    this.#check = new LeafCheck(beside);
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
    const fault = path === undefined ? PATH_FAULT : this.#check.faultIn(path, bytes);
    if (fault !== undefined) this.#beside.lost.add(`${name} (${fault})`);
  }
}

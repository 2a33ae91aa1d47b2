import type { Shelf, ShelfItem } from '../../log/shelf.js';
import type { PostgresConnection } from './connection.js';
import {
  SHELF_ADD,
  SHELF_ADD_PART,
  SHELF_DELETE_PARTS,
  SHELF_ITEM,
  SHELF_LIST,
  SHELF_PART,
  SHELF_REMOVE,
} from './schema.js';
import { untilGone } from './until-gone.js';

/** How large a part is, in bytes. */
const PART_BYTES = 1_048_576;

/** Contents in parts of a megabyte, which count when the last one is there. */
export class PostgresShelf implements Shelf {
  readonly #connection: PostgresConnection;
  readonly #store: string;

  constructor(connection: PostgresConnection, store: string) {
    this.#connection = connection;
    this.#store = store;
  }

  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if ((await this.#item(name)) !== undefined) return;
    let [parts, size] = [0, 0];
    for await (const bytes of inParts(content)) {
      await this.#connection.query(SHELF_ADD_PART, [this.#store, name, parts, bytes]);
      parts++;
      size += bytes.byteLength;
    }
    await this.#connection.query(SHELF_ADD, [this.#store, name, size, parts]);
  }

  async get(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    const item = await this.#item(name);
    return item === undefined ? null : this.#read(name, item.parts);
  }

  async list(prefix: string): Promise<readonly ShelfItem[]> {
    const rows = await this.#connection.query<{ name: string; size: string }>(SHELF_LIST, [
      this.#store,
      prefix,
    ]);
    return rows.map(({ name, size }) => ({ name, size: Number(size) }));
  }

  async remove(name: string): Promise<void> {
    // First of all nobody finds it any more.
    await this.#connection.query(SHELF_REMOVE, [this.#store, name]);
    await untilGone(this.#connection, SHELF_DELETE_PARTS, [this.#store, name]);
  }

  async #item(name: string): Promise<{ readonly parts: number } | undefined> {
    const [item] = await this.#connection.query<{ parts: number }>(SHELF_ITEM, [this.#store, name]);
    return item;
  }

  async *#read(name: string, parts: number): AsyncIterable<Uint8Array> {
    for (let part = 0; part < parts; part++) {
      const [row] = await this.#connection.query<{ bytes: Buffer }>(SHELF_PART, [this.#store, name, part]);
      if (row !== undefined) yield row.bytes;
    }
  }
}

/** The same bytes, cut anew. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.byteLength;) {
      const some = piece.subarray(from, from + PART_BYTES - size);
      waiting.push(some);
      size += some.byteLength;
      from += some.byteLength;
      if (size < PART_BYTES) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

import type { Shelf, ShelfItem } from '../../log/shelf.js';

/** A shelf in memory. */
export class MemoryShelf implements Shelf {
  readonly #contents = new Map<string, readonly Uint8Array[]>();

  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#contents.has(name)) return;
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(new Uint8Array(piece));
    this.#contents.set(name, pieces);
  }

  get(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    const pieces = this.#contents.get(name);
    return Promise.resolve(pieces === undefined ? null : inPieces(pieces));
  }

  list(prefix: string): Promise<readonly ShelfItem[]> {
    const found = [...this.#contents].filter(([name]) => name.startsWith(prefix));
    const items = found.map(([name, pieces]) => ({
      name,
      size: pieces.reduce((sum, { length }) => sum + length, 0),
    }));
    return Promise.resolve(items.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  remove(name: string): Promise<void> {
    this.#contents.delete(name);
    return Promise.resolve();
  }
}

async function* inPieces(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

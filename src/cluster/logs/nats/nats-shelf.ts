import { createHash, randomUUID } from 'node:crypto';
import type { Shelf, ShelfItem } from '../../log/shelf.js';
import { inParts } from '../../log/in-parts.js';
import { damagedContent, labelContested } from './errors.js';
import type { JetStream } from './jet-stream.js';
import { nameOf, wordOf } from './names.js';
import type { ShelfLabel } from './shelf-label.js';
import { labelBytes, readLabel } from './shelf-label.js';
import type { Stream } from './stream.js';

/** How large a part is, in bytes. */
const PART_BYTES = 524_288;

/** How many labels are asked for at once. */
const AT_ONCE = 32;

/**
 * Contents in a stream of their own: parts with subjects of one attempt to put them, and a label, which makes them count. Of several
 * attempts at a name one label is taken in. Parts of an attempt that ended in the middle are gone when the name is removed.
 */
export class NatsShelf implements Shelf {
  readonly #stream: Stream;
  readonly #subjects: string;

  constructor(stream: Stream, subjects: string) {
    this.#stream = stream;
    this.#subjects = subjects;
  }

  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if ((await this.#label(name)) !== undefined) return;
    const id = randomUUID();
    const label = await this.#putParts(name, id, content).catch(async (error: unknown) => {
      await this.#dropParts(name, id).catch(() => undefined);
      throw error;
    });
    // From here on a failure leaves it open whether the label is there.
    const isTaken = await this.#stream.with((jetStream) =>
      jetStream.publishFirst(this.#stream.name, this.#labelSubject(name), labelBytes(label)),
    );
    if (isTaken) return;
    await this.#dropParts(name, id);
    if ((await this.#label(name)) === undefined) throw labelContested(name);
  }

  async get(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    const label = await this.#label(name);
    return label === undefined ? null : this.#read(name, label);
  }

  async list(prefix: string): Promise<readonly ShelfItem[]> {
    const names = (await this.#names()).filter((name) => name.startsWith(prefix)).sort();
    const items: ShelfItem[] = [];
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = names.slice(at, at + AT_ONCE);
      const labels = await Promise.all(some.map((name) => this.#label(name)));
      some.forEach((name, i) => {
        const label = labels[i];
        if (label !== undefined) items.push({ name, size: label.size });
      });
    }
    return items;
  }

  async remove(name: string): Promise<void> {
    // The label first: what has none is not there.
    await this.#purge(this.#labelSubject(name));
    await this.#purge(`${this.#subjects}.part.${wordOf(name)}.>`);
  }

  async #putParts(name: string, id: string, content: AsyncIterable<Uint8Array>): Promise<ShelfLabel> {
    const hash = createHash('sha256');
    let [parts, size] = [0, 0];
    for await (const bytes of inParts(content, PART_BYTES)) {
      await this.#publish(this.#partSubject(name, id, parts), bytes);
      hash.update(bytes);
      parts++;
      size += bytes.byteLength;
    }
    return { id, parts, size, hash: hash.digest('base64') };
  }

  async *#read(name: string, { id, parts, hash }: ShelfLabel): AsyncIterable<Uint8Array> {
    const found = createHash('sha256');
    for (let part = 0; part < parts; part++) {
      const bytes = await this.#last(this.#partSubject(name, id, part));
      if (bytes === undefined) throw damagedContent(name);
      found.update(bytes);
      yield bytes;
    }
    if (found.digest('base64') !== hash) throw damagedContent(name);
  }

  /** Of all that is on the shelf. */
  async #names(): Promise<readonly string[]> {
    const front = `${this.#subjects}.label.`;
    const names: string[] = [];
    for (;;) {
      const page = { subjects_filter: `${front}*`, offset: names.length };
      const { state, total = 0 } = await this.#stream.with((jetStream) =>
        jetStream.info(this.#stream.name, page),
      );
      const found = Object.keys(state.subjects ?? {});
      for (const subject of found) names.push(nameOf(subject.slice(front.length)));
      if (found.length === 0 || names.length >= total) return names;
    }
  }

  async #label(name: string): Promise<ShelfLabel | undefined> {
    const bytes = await this.#last(this.#labelSubject(name));
    if (bytes === undefined) return undefined;
    const label = readLabel(bytes);
    if (label === undefined) throw damagedContent(name);
    return label;
  }

  #dropParts(name: string, id: string): Promise<void> {
    return this.#purge(`${this.#subjects}.part.${wordOf(name)}.${id}.*`);
  }

  #labelSubject(name: string): string {
    return `${this.#subjects}.label.${wordOf(name)}`;
  }

  #partSubject(name: string, id: string, part: number): string {
    return `${this.#subjects}.part.${wordOf(name)}.${id}.${part}`;
  }

  #publish(subject: string, bytes: Uint8Array): Promise<number> {
    return this.#stream.with((jetStream) => jetStream.publish(this.#stream.name, subject, bytes));
  }

  async #last(subject: string): Promise<Uint8Array | undefined> {
    const ask = (jetStream: JetStream): ReturnType<JetStream['message']> =>
      jetStream.message(this.#stream.name, { last_by_subj: subject });
    return (await this.#stream.with(ask))?.bytes;
  }

  #purge(filter: string): Promise<void> {
    return this.#stream.with((jetStream) => jetStream.purge(this.#stream.name, { filter }));
  }
}

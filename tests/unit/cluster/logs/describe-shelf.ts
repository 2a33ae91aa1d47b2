import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import type { Shelf } from '../../../../src/cluster/log/shelf.js';

async function* pieces(...content: readonly (Uint8Array | string)[]): AsyncIterable<Uint8Array> {
  for (const piece of content) yield await Promise.resolve(Buffer.from(piece));
}

async function* torn(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(content);
  throw new Error('torn');
}

/** What lies there, in one piece; undefined when nothing does. */
export async function contentOf(shelf: Shelf, name: string): Promise<Buffer | undefined> {
  const content = await shelf.get(name);
  if (content === null) return undefined;
  const all: Uint8Array[] = [];
  for await (const piece of content) all.push(piece);
  return Buffer.concat(all);
}

const large = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => (i * 37) % 251));

/** What the shelf of every log does. */
export function describeShelf(connect: () => Promise<ReplicatedLog>): void {
  describe('its shelf', () => {
    it('gives others every byte of a content, in whatever pieces it came', async () => {
      const [one, other] = [await connect(), await connect()];
      await one.shelf.put('file/large', pieces(large.subarray(0, 700_001), large.subarray(700_001)));
      await one.shelf.put('file/small', pieces('a', '', 'bc'));
      await one.shelf.put('file/empty', pieces());
      expect((await contentOf(other.shelf, 'file/large'))?.equals(large)).toBe(true);
      expect((await contentOf(other.shelf, 'file/small'))?.toString()).toBe('abc');
      expect(await contentOf(other.shelf, 'file/empty')).toHaveLength(0);
      expect(await contentOf(other.shelf, 'file/none')).toBeUndefined();
    });

    it('keeps what is there', async () => {
      const { shelf } = await connect();
      await shelf.put('a', pieces('first'));
      await shelf.put('a', pieces('second'));
      expect((await contentOf(shelf, 'a'))?.toString()).toBe('first');
    });

    it('has nothing of a content that ended in the middle, and takes it later', async () => {
      const { shelf } = await connect();
      await expect(shelf.put('a', torn(large))).rejects.toThrow('torn');
      expect(await contentOf(shelf, 'a')).toBeUndefined();
      expect(await shelf.list('')).toEqual([]);
      await shelf.put('a', pieces('whole'));
      expect((await contentOf(shelf, 'a'))?.toString()).toBe('whole');
    });

    it('takes one content from several at once', async () => {
      const nodes = await Promise.all([connect(), connect(), connect()]);
      await Promise.all(nodes.map(({ shelf }) => shelf.put('a', pieces(large))));
      expect((await contentOf(nodes[0].shelf, 'a'))?.equals(large)).toBe(true);
      expect(await nodes[1].shelf.list('')).toEqual([{ name: 'a', size: large.byteLength }]);
    });

    it('lists by name what begins alike, and forgets what is removed', async () => {
      const { shelf } = await connect();
      const names = ['snapshot/2', 'snapshot/1', 'file/sha256:ä.b *>', 'snapshot', 'other/%/_'];
      for (const name of names) await shelf.put(name, pieces(name));
      expect(await shelf.list('snapshot/')).toEqual([
        { name: 'snapshot/1', size: 10 },
        { name: 'snapshot/2', size: 10 },
      ]);
      expect((await shelf.list('')).map(({ name }) => name).sort()).toEqual([...names].sort());
      expect(await shelf.list('other/_')).toEqual([]);
      await shelf.remove('snapshot/1');
      await shelf.remove('snapshot/1');
      expect((await shelf.list('snap')).map(({ name }) => name)).toEqual(['snapshot', 'snapshot/2']);
      expect(await contentOf(shelf, 'snapshot/1')).toBeUndefined();
      await shelf.put('snapshot/1', pieces('again'));
      expect((await contentOf(shelf, 'snapshot/1'))?.toString()).toBe('again');
    });
  });
}

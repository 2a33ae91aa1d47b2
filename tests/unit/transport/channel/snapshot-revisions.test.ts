import type { Scene } from './channel-scene.js';
import { openScene } from './channel-scene.js';

/** A server that has compacted its log tells no revisions of leaves from before (PROTOCOL §5.6). */
describe('the revision of what came in a snapshot', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await openScene();
    await scene.store.write({ op: 'set', path: 'p/a/text', value: 'one' });
    await scene.store.write({ op: 'set', path: 'p/a/title', value: { de: 'T' } });
    await scene.store.write({ op: 'set', path: 'elsewhere', value: 1 });
    await scene.store.compact({ keep: 0 });
  });

  afterEach(() => scene.close());

  const setUp = async () => {
    const client = await scene.client();
    const leaves = await client.subtree('p/a');
    const rewrite = () =>
      client.batchWrite(
        leaves.map(({ path, revision }) => ({ op: 'set', path, value: 'new', ifMatch: revision })),
      );
    return { client, leaves, rewrite };
  };

  it('guards a batch, although no server knows it', async () => {
    const { client, leaves, rewrite } = await setUp();
    expect(leaves.map(({ revision }) => revision)).toEqual([3, 3]);
    const { storeSeq } = await rewrite();
    expect(await client.get('p/a')).toMatchObject({ value: { text: 'new' }, revision: storeSeq });
    await expect(rewrite()).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('guards against what others wrote since, heard of or not', async () => {
    const { rewrite } = await setUp();
    await scene.store.write({ op: 'set', path: 'p/a/title/de', value: 'theirs', announce: false });
    await expect(rewrite()).rejects.toMatchObject({ kind: 'conflict', currentRevision: 4 });
    expect(scene.store.get('p/a')?.value).toEqual({ text: 'one', title: { de: 'theirs' } });
  });

  describe.each([
    ['the record', ['p/a']],
    ['the record and each of its leaves', ['p/a', 'p/a/text', 'p/a/title/de']],
  ])('in a check of %s', (_, checked) => {
    const swap = async () => {
      const { client } = await setUp();
      const operations = [
        ...checked.map((path) => ({ op: 'check', path, revision: 3 }) as const),
        { op: 'set', path: 'p/a/text', value: 'new' } as const,
      ];
      return { client, write: () => client.batchWrite(operations) };
    };

    it('holds, although no server knows it, and once', async () => {
      const { client, write } = await swap();
      const { storeSeq } = await write();
      expect(await client.get('p/a')).toMatchObject({ value: { text: 'new' }, revision: storeSeq });
      await expect(write()).rejects.toMatchObject({ kind: 'conflict', currentRevision: storeSeq });
    });

    it.each([
      ['changed', { op: 'set', path: 'p/a/title/de', value: 'theirs' }],
      ['added', { op: 'set', path: 'p/a/added', value: 'theirs' }],
      ['removed', { op: 'delete', path: 'p/a/title/de' }],
    ] as const)('does not hold when somebody %s something, heard of or not', async (_how, write) => {
      const swapping = await swap();
      await scene.store.write({ ...write, announce: false });
      await expect(swapping.write()).rejects.toMatchObject({ kind: 'conflict' });
      expect(scene.store.get('p/a/text')?.value).toBe('one');
    });
  });

  it('does not excuse a revision that the mirror never gave', async () => {
    const { client } = await setUp();
    const batch = client.batchWrite([{ op: 'delete', path: 'p/a/text', ifMatch: 99 }]);
    await expect(batch).rejects.toMatchObject({ kind: 'conflict', currentRevision: 1 });
  });
});

import type { DustFile, EntityManager, TransportCapabilities } from '../../../../src/index.js';
import {
  DeletedAtField,
  DustEntity,
  DustError,
  Field,
  FileField,
  PartialWriteError,
  Slug,
} from '../../../../src/index.js';
import { useDataSources } from '../support.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @Field('string') more?: string;
  @FileField() file?: DustFile | null;
  @DeletedAtField() deletedAt?: Date | null;
}

@DustEntity({ prefix: 'wholes', mode: 'map' })
class Whole {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @FileField() file?: DustFile | null;
}

const connect = useDataSources();
const ATTEMPTS = 50;

/** Notes of an older class, and somebody who is faster with each write of the kind for as often as it is said. */
async function outrunning(
  [kind, error]: readonly [method: string, error: DustError],
  times: number,
  capabilities: Partial<TransportCapabilities> = {},
) {
  const { manager, control, inner } = await connect([Note, Whole], capabilities);
  for (const slug of ['a', 'b', 'c']) await inner.set(`notes/${slug}`, { old: slug });
  await inner.set('wholes/a', { old: 'a' });
  let attempts = 0;
  control.before = (method) => {
    if (method === kind && ++attempts <= times) throw error;
  };
  control.writes.length = 0;
  return { manager, inner, attempts: () => attempts };
}

const CONFLICT = ['batchWrite', new DustError('conflict', 'others were faster')] as const;

describe('a write that others are faster with', () => {
  it('is tried fifty times where its record decides what it is, then says so', async () => {
    const { manager, attempts } = await outrunning(CONFLICT, Infinity);
    await expect(manager.softDelete(Note, 'a')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(
        'Note "a": other writers changed the record during each of 50 attempts',
      ),
      retryable: true,
      cause: CONFLICT[1],
    });
    expect(attempts()).toBe(ATTEMPTS);
  });

  it('lands at the last attempt', async () => {
    const { manager, attempts } = await outrunning(CONFLICT, ATTEMPTS - 1);
    expect(await manager.softDelete(Note, 'a')).toMatchObject({ affected: 1 });
    expect(attempts()).toBe(ATTEMPTS);
  });

  it('is tried fifty times where it brings its record up to date, and fails as the store says', async () => {
    const { manager, attempts } = await outrunning(CONFLICT, Infinity);
    await expect(manager.update(Note, 'a', { more: 'm' })).rejects.toBe(CONFLICT[1]);
    expect(attempts()).toBe(ATTEMPTS);
  });

  it.each([Note, Whole])(
    'is tried fifty times before a file is put, which goes after it (%p)',
    async (entity) => {
      const put = (manager: EntityManager) =>
        manager.getRepository<Note | Whole>(entity).putFile('a', 'file', 'text', { filename: 'f' });
      const never = await outrunning(CONFLICT, Infinity);
      await expect(put(never.manager)).rejects.toMatchObject({ kind: 'conflict' });
      expect(never.attempts()).toBe(ATTEMPTS);
      const late = await outrunning(CONFLICT, ATTEMPTS - 1);
      expect(await put(late.manager)).toMatchObject({ affected: 1 });
      expect(late.attempts()).toBe(ATTEMPTS);
    },
  );

  it.each([Note, Whole])(
    'is not tried again before a file is put with what is no conflict (%p)',
    async (entity) => {
      const lost = new DustError('network', 'no route');
      const { manager, attempts } = await outrunning(['batchWrite', lost], Infinity);
      const putting = manager
        .getRepository<Note | Whole>(entity)
        .putFile('a', 'file', 'text', { filename: 'f' });
      await expect(putting).rejects.toBe(lost);
      expect(attempts()).toBe(1);
    },
  );

  it('is tried fifty times as a batch, which is not cut', async () => {
    const { manager, attempts } = await outrunning(CONFLICT, Infinity);
    const writing = manager.batch((b) => b.softDelete(Note, 'a').softDelete(Note, 'b'));
    await expect(writing).rejects.toMatchObject({ kind: 'conflict' });
    expect(attempts()).toBe(ATTEMPTS);
  });

  it('is not tried again with what is no conflict', async () => {
    const lost = new DustError('network', 'no route');
    const { manager, attempts } = await outrunning(['batchWrite', lost], Infinity);
    await expect(manager.softDelete(Note, 'a')).rejects.toBe(lost);
    await expect(manager.batch((b) => b.softDelete(Note, 'a'))).rejects.toBe(lost);
    await expect(manager.update(Note, 'a', { more: 'm' })).rejects.toBe(lost);
    expect(attempts()).toBe(3);
  });

  describe('where there are no batches', () => {
    const PLAIN = { atomicBatch: false, batchCheck: false };
    const there = new DustError('exists', 'it is there');

    it('is tried again where its field has come to be there', async () => {
      const { manager, inner, attempts } = await outrunning(['set', there], 2, PLAIN);
      await inner.batchWrite([
        { op: 'delete', path: 'notes/a' },
        { op: 'set', path: 'notes/a/text', value: 'new' },
      ]);
      expect(await manager.softDelete(Note, 'a')).toMatchObject({ affected: 1 });
      expect(attempts()).toBe(3);
    });

    it('is not tried again where another record has its value', async () => {
      const duplicate = new DustError('exists', 'it is there', { detail: 'duplicate' });
      const { manager, attempts } = await outrunning(['set', duplicate], Infinity, PLAIN);
      await expect(manager.softDelete(Note, 'a')).rejects.toBe(duplicate);
      expect(attempts()).toBe(1);
    });

    it('of an upgrade is not tried again where something is there', async () => {
      const { manager, attempts } = await outrunning(['set', there], Infinity, PLAIN);
      await expect(manager.update(Note, 'a', { more: 'm' })).rejects.toBe(there);
      expect(attempts()).toBe(1);
    });
  });
});

describe('several soft deletes together', () => {
  it('are cut when others were faster three times; what landed is told, and what stopped the rest', async () => {
    const { manager, control, inner } = await connect([Note]);
    const slugs = ['a', 'b', 'c', 'd', 'e'];
    for (const slug of slugs) await inner.set(`notes/${slug}`, { text: slug });
    const lost = new DustError('network', 'no route');
    const sizes: number[] = [];
    control.before = (method, [operations]) => {
      if (method !== 'batchWrite') return;
      const paths = (operations as { path: string; op: string }[]).filter(({ op }) => op === 'set');
      sizes.push(paths.length);
      if (paths.length === 5) throw CONFLICT[1];
      if (paths.some(({ path }) => path.startsWith('notes/d/'))) throw lost;
    };
    const deleting: unknown = await manager.softDelete(Note, slugs).catch((error: unknown) => error);
    expect(deleting).toBeInstanceOf(PartialWriteError);
    expect(deleting).toMatchObject({ kind: 'network', landed: ['a', 'b', 'c'] });
    expect(sizes).toEqual([5, 5, 5, 3, 2]);
    expect((await manager.find(Note)).map(({ id }) => id)).toEqual(['d', 'e']);
  });

  it('resolve to those that were not deleted already, with the revision of each', async () => {
    const { manager, inner } = await connect([Note]);
    const slugs = ['a', 'b', 'c'];
    for (const slug of slugs) await inner.set(`notes/${slug}`, { text: slug });
    await manager.softDelete(Note, 'b');
    const { affected, slugs: deleted, revisions } = await manager.softDelete(Note, slugs);
    const stored = await Promise.all(
      deleted.map(async (slug) => (await inner.get(`notes/${slug}`))?.revision),
    );
    expect([affected, deleted, revisions]).toEqual([2, ['a', 'c'], stored]);
  });
});

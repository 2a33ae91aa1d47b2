import { DustEntity, Field, Slug } from '../../../../src/index.js';
import { DustError } from '../../../../src/errors.js';
import { Document, Link, Profile, link, methods, useDataSources } from '../support.js';

const connect = useDataSources();
const ABSENT = { ifAbsent: true };

describe('insert with ifAbsent', () => {
  it('looks first, and sends nothing where the record is', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insert(Link, link('a'));
    control.writes.length = 0;
    await expect(manager.insert(Link, link('a'), ABSENT)).rejects.toMatchObject({
      kind: 'exists',
      path: 'reading/links/a',
      currentRevision: 1,
    });
    expect(methods(control)).toEqual([]);
  });

  it('that is lost to somebody else names the revision of theirs', async () => {
    const { manager, control, inner } = await connect([Link]);
    control.before = async (method) => {
      if (method !== 'batchWrite') return;
      control.before = () => undefined;
      await inner.set('other', 1);
      await inner.merge('reading/links/a', { title: 'Theirs' });
    };
    await expect(manager.insert(Link, link('a'), ABSENT)).rejects.toMatchObject({
      kind: 'exists',
      path: 'reading/links/a',
      currentRevision: 2,
    });
    expect(await manager.find(Link)).toEqual([]);
  });

  it('that is lost to somebody who has gone again says so', async () => {
    const { manager, control } = await connect([Link]);
    const lost = new DustError('exists', 'it is there', { opIndex: 0, path: 'reading/links/a' });
    control.before = (method) => {
      if (method === 'batchWrite') throw lost;
    };
    await expect(manager.insert(Link, link('a'), ABSENT)).rejects.toMatchObject({
      kind: 'exists',
      message: expect.stringContaining('or did just now'),
      currentRevision: null,
      cause: lost,
    });
  });

  it.each<[string, Error]>([
    ['the way', new DustError('network', 'no way')],
    ['a conflict', new DustError('conflict', 'another revision')],
    ['something else', new Error('no error of ours')],
  ])('that fails for %s fails with that', async (_, error) => {
    const { manager, control } = await connect([Link]);
    control.before = (method) => {
      if (method === 'batchWrite') throw error;
    };
    await expect(manager.insert(Link, link('a'), ABSENT)).rejects.toBe(error);
  });

  it('marks an instance as stored, and leaves a plain object alone', async () => {
    const { manager, dataSource } = await connect([Profile]);
    const plain = { slug: 'p', name: 'Ada' };
    const instance = manager.create(Profile, { slug: 'i', name: 'Ada' });
    await manager.insert(Profile, plain, ABSENT);
    await manager.insert(Profile, instance, ABSENT);
    expect(dataSource.getRepository(Profile).revisionOf(instance)).toBe(2);
    expect(plain).toEqual({ slug: 'p', name: 'Ada' });
  });
});

@DustEntity('numbered')
class Numbered {
  @Slug() slug!: string;
  @Field({ type: 'string', required: true, name: '1' }) first!: string;
  @Field('string') title?: string;
}

it('where batches know no checks, the field that stands for the record comes last, whatever its name', async () => {
  const { manager, control } = await connect([Numbered], { batchCheck: false });
  await manager.insert(Numbered, { slug: 'a', first: 'x', title: 't' }, ABSENT);
  expect(control.writes[0]?.[1]).toEqual([
    { op: 'set', path: 'numbered/a/title', value: 't', ifAbsent: true },
    { op: 'set', path: 'numbered/a/1', value: 'x', ifAbsent: true },
  ]);
});

describe('insert with ifAbsent that claims a field first', () => {
  const claiming = async (refusal: DustError) => {
    const connected = await connect([Link], { batchCheck: false, batchIfAbsent: false });
    connected.control.before = (method) => {
      if (method === 'merge') throw refusal;
    };
    return connected;
  };

  it('takes the claim back when the rest is refused', async () => {
    const refusal = new DustError('forbidden', 'no');
    const { manager, inner } = await claiming(refusal);
    await expect(manager.insert(Link, link('a', { note: 'n' }), ABSENT)).rejects.toBe(refusal);
    expect(await inner.get('reading/links/a')).toBeNull();
  });

  it('leaves the claim to somebody who has touched it since, and says what landed', async () => {
    const refusal = new DustError('forbidden', 'no');
    const { manager, control, inner } = await claiming(refusal);
    control.before = async (method) => {
      if (method !== 'merge') return;
      await inner.set('reading/links/a/title', 'Theirs');
      throw refusal;
    };
    await expect(manager.insert(Link, link('a', { note: 'n' }), ABSENT)).rejects.toMatchObject({
      name: 'PartialWriteError',
      landed: ['title'],
    });
    expect(await inner.get('reading/links/a/title')).toMatchObject({ value: 'Theirs' });
  });
});

it('what is not valid is refused before anything is asked', async () => {
  const { manager, control } = await connect([Link]);
  const asked = jest.fn();
  control.before = asked;
  await expect(manager.insert(Link, link('a', { title: '' }), ABSENT)).rejects.toMatchObject({
    kind: 'validation',
  });
  await expect(manager.insert(Link, link('a', { title: '' }))).rejects.toMatchObject({ kind: 'validation' });
  expect(asked).not.toHaveBeenCalled();
});

it('an entity that was loaded in part is no whole record, and is not inserted', async () => {
  const { manager, control } = await connect([Link, Profile]);
  await manager.insert(Link, link('a', { note: 'n' }));
  await manager.insert(Profile, { slug: 'a', name: 'Ada', city: 'London' });
  const parts: [typeof Link | typeof Profile, object, string][] = [
    [Link, (await manager.find(Link, { select: ['slug', 'title', 'url'] }))[0]!, 'note'],
    [Profile, (await manager.find(Profile, { select: ['slug', 'name'] }))[0]!, 'city'],
  ];
  control.writes.length = 0;
  for (const [entity, part, leftOut] of parts) {
    const repository = manager.getRepository<object>(entity);
    const refusal = {
      kind: 'invalid_value',
      message: expect.stringMatching(
        new RegExp(`was loaded without .*${leftOut}.*an insert writes whole records`),
      ),
    };
    await expect(repository.insert(part)).rejects.toMatchObject(refusal);
    await expect(repository.insert(part, ABSENT)).rejects.toMatchObject(refusal);
    await expect(repository.insertMany([part])).rejects.toMatchObject({ kind: 'invalid_value', landed: 0 });
  }
  expect(control.writes).toEqual([]);
});

describe.each(['insert', 'insertMany', 'upsert'] as const)('%s of a plain object', (method) => {
  const inserted = async (isTold: boolean) => {
    const { manager, dataSource } = await connect([Document]);
    const versions: unknown[] = [];
    if (isTold) {
      dataSource.subscribers.push({
        afterInsert: ({ entity }) => void versions.push(Reflect.get(entity, 'version')),
      });
    }
    const plain: Partial<Document> = { slug: 'a', text: 'one' };
    await manager[method](Document, [plain]);
    return { manager, plain, versions };
  };

  it.each([false, true])(
    'leaves it as it is, and new to the next call; somebody is told: %p',
    async (isTold) => {
      const { manager, plain } = await inserted(isTold);
      expect(plain).toEqual({ slug: 'a', text: 'one' });
      expect(manager.getRepository(Document).revisionOf(plain as Document)).toBeUndefined();
    },
  );

  it('gives the instance that stands for it its version, for those who are told', async () => {
    expect((await inserted(true)).versions).toEqual([1]);
  });
});

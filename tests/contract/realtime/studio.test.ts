import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio } from '../../../src/studio/index.js';
import type { Visitor } from '../../unit/studio/studio-world.js';
import { visit } from '../../unit/studio/studio-world.js';
import { describeContract } from '../describe-contract.js';
import { definePage } from '../entities.js';

describeContract('a studio', (context) => {
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const setUp = async () => {
    const entity = definePage(context.uniquePrefix());
    const dataSource = await context.connect([entity]);
    const pages = dataSource.getRepository(entity);
    const page = await mkdtemp(join(tmpdir(), 'dust-studio-'));
    closing.push(() => rm(page, { recursive: true, force: true }));
    const studio = await openStudio(dataSource, { page, place: 'here', version: '0', write: true });
    closing.push(() => studio.close());
    const visitor = await visit(studio.address);
    const { name, prefixPath: prefix } = pages.metadata;
    return { pages, dataSource, visitor, name, prefix };
  };

  const record = async (visitor: Visitor, path: string) =>
    (await visitor.get(`/api/record?path=${encodeURIComponent(path)}`)).json;

  it('shows the tree, a table and a record', async () => {
    const { pages, visitor, name, prefix } = await setUp();
    for (const slug of ['a', 'b', 'c']) await pages.insert({ slug, title: `Title ${slug}` });
    const children = (await visitor.get(`/api/children?path=${encodeURIComponent(prefix)}`)).json.children;
    expect(children.map(({ segment }: any) => segment)).toEqual(['a', 'b', 'c']);
    const found = await visitor.post('/api/records', {
      entity: name,
      filters: [{ property: 'title', operator: 'isNot', value: 'Title b' }],
      order: { property: 'title', direction: 'desc' },
      take: 1,
    });
    expect(found.json.rows).toMatchObject([{ slug: 'c', values: { title: 'Title c' } }]);
    const next = await visitor.post('/api/records', {
      entity: name,
      filters: [{ property: 'title', operator: 'isNot', value: 'Title b' }],
      order: { property: 'title', direction: 'desc' },
      take: 1,
      cursor: found.json.next,
    });
    expect(next.json.rows).toMatchObject([{ slug: 'a' }]);
    expect(await record(visitor, `${prefix}/a`)).toMatchObject({
      entity: name,
      more: false,
      row: { values: { title: 'Title a' } },
    });
  });

  it('saves a record, and tells of one that is another by now', async () => {
    const { pages, visitor, name, prefix } = await setUp();
    const made = (
      await visitor.post('/api/save', { entity: name, slug: 'a', revision: 0, values: { title: 'One' } })
    ).json;
    expect(made).toMatchObject({ outcome: 'written' });
    const { revision } = made.record;
    await pages.update('a', { title: 'Theirs' });
    const late = { entity: name, slug: 'a', revision, values: { title: 'Mine' } };
    expect((await visitor.post('/api/save', late)).json).toMatchObject({
      outcome: 'conflict',
      current: { row: { values: { title: 'Theirs' } } },
    });
    const now = (await record(visitor, `${prefix}/a`)).revision;
    expect((await visitor.post('/api/save', { ...late, revision: now })).json.outcome).toBe('written');
    expect((await pages.findOneBy({ slug: 'a' }))?.title).toBe('Mine');
  });

  it('tells the history of a record, puts it back, and removes it', async () => {
    const { pages, visitor, prefix } = await setUp();
    await pages.insert({ slug: 'a', title: 'First' });
    await pages.update('a', { title: 'Second' });
    const path = `${prefix}/a`;
    const { entries } = (await visitor.get(`/api/history?path=${encodeURIComponent(path)}`)).json;
    const titles = entries.flatMap(({ storeSeq, changes }: any) =>
      changes
        .filter(({ path: at }: any) => at === `${path}/title`)
        .map((change: any) => ({ storeSeq, ...change })),
    );
    expect(titles).toMatchObject([{ before: 'First', after: 'Second' }, { after: 'First' }]);
    const until = entries.find(({ storeSeq }: any) => storeSeq < titles[0].storeSeq).storeSeq;
    const seen = await record(visitor, path);
    const restored = await visitor.post('/api/restore', { path, storeSeq: until, revision: seen.revision });
    expect(restored.json).toMatchObject({ outcome: 'written' });
    expect((await pages.findOneBy({ slug: 'a' }))?.title).toBe('First');
    const removed = await visitor.post('/api/delete', { path, revision: restored.json.record.revision });
    expect(removed.json).toMatchObject({ outcome: 'written', record: { leaves: [] } });
    expect(await pages.count()).toBe(0);
  });

  it('says how the store stands', async () => {
    const { visitor, dataSource } = await setUp();
    const { json } = await visitor.get('/api/status');
    expect(json).toMatchObject({
      state: 'live',
      leases: expect.any(Array),
      connections: [],
      members: expect.any(Array),
    });
    expect(json.readsFrom).toBe((await dataSource.transport.status()).readsFrom);
    expect((await visitor.get('/api/store')).json).toMatchObject({
      live: context.capabilities.realtime,
      history: true,
    });
  });
});

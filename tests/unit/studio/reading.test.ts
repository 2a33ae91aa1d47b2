import { CounterField, CreatedAtField, DustEntity, Field, Index, Slug } from '../../../src/index.js';
import { StudioWorld } from './studio-world.js';

const world = StudioWorld.use();

class Place {
  @Field()
  city?: string;
}

@DustEntity({ prefix: ['shop', 'orders'], name: 'Order' })
class Order {
  @Slug()
  slug!: string;

  @Index()
  @Field({ required: true })
  state!: string;

  @Field({ type: 'integer' })
  pieces?: number;

  @Field({ type: () => Place })
  to?: Place;

  @Field({ select: false })
  secret?: string;

  @CounterField()
  views?: number;

  @CreatedAtField()
  createdAt?: Date;
}

const open = async (records = 0) => {
  const dataSource = await world.source({ entities: [Order] });
  const orders = dataSource.getRepository(Order);
  await orders.insert(
    Array.from({ length: records }, (_, n) => ({
      slug: `o${String(n).padStart(4, '0')}`,
      state: n % 3 === 0 ? 'open' : 'sent',
      pieces: n,
      to: { city: n % 2 === 0 ? 'Bern' : '100% Genf' },
      secret: 'hidden',
    })),
  );
  return { dataSource, visitor: await world.visitor(dataSource) };
};

it('tells of the store and of its entities', async () => {
  const { visitor } = await open();
  const { json } = await visitor.get('/api/store');
  expect(json).toMatchObject({
    store: 'local/default',
    place: 'memory',
    version: '1.2.3',
    writable: false,
    live: true,
    entities: [
      {
        name: 'Order',
        prefix: 'shop/orders',
        mode: 'flat',
        slug: 'slug',
        slugGenerated: false,
        softDelete: false,
      },
    ],
  });
  const columns = json.entities[0].columns as { property: string }[];
  expect(columns.map(({ property }) => property)).toEqual([
    'slug',
    'state',
    'pieces',
    'to.city',
    'secret',
    'views',
    'createdAt',
  ]);
  expect(columns).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ property: 'slug', type: 'slug', indexed: true, editable: false }),
      expect.objectContaining({
        property: 'state',
        type: 'string',
        indexed: true,
        required: true,
        editable: true,
      }),
      expect.objectContaining({ property: 'pieces', type: 'integer', indexed: false, sortable: true }),
      expect.objectContaining({ property: 'views', type: 'counter', editable: false }),
      expect.objectContaining({ property: 'createdAt', type: 'datetime', editable: false }),
    ]),
  );
});

describe('the tree', () => {
  it('has one level at a time, with counts as far as counting goes', async () => {
    const { dataSource, visitor } = await open(600);
    await dataSource.transport.set('shop/name', 'Corner');
    await dataSource.transport.set('a/b', 1);
    await dataSource.transport.set('a/b-2/c', 1);
    await dataSource.transport.set('a/b!/c', 1);
    const root = (await visitor.get('/api/children')).json;
    expect(root).toEqual({
      children: [
        { path: 'a', segment: 'a', leaves: 3, atLeast: false, isLeaf: false },
        { path: 'shop', segment: 'shop', leaves: 1000, atLeast: true, isLeaf: false },
      ],
      nextCursor: null,
    });
    const shop = (await visitor.get('/api/children?path=shop')).json;
    expect(shop.children).toEqual([
      { path: 'shop/name', segment: 'name', leaves: 1, atLeast: false, isLeaf: true },
      { path: 'shop/orders', segment: 'orders', leaves: 1000, atLeast: true, isLeaf: false, entity: 'Order' },
    ]);
  });

  it('gives every child once, page by page, whatever sorts between a leaf and what lies below it', async () => {
    const { dataSource, visitor } = await open();
    const paths = ['t/b', 't/b-2/x', 't/b-2/y', 't/b.c/t', 't/c/x', 't/c~1d/x', 't/c~0', 't/é', 't/😀/x'];
    for (const path of paths) await dataSource.transport.set(path, 1);
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
      const { json } = await visitor.get(`/api/children?path=t&limit=2${after}`);
      for (const { segment } of json.children) seen.push(segment);
      cursor = json.nextCursor;
      pages++;
    }
    expect(seen).toEqual(['b', 'b-2', 'b.c', 'c', 'c~', 'c/d', 'é', '😀']);
    expect(pages).toBe(4);
  });

  it('refuses what is no path', async () => {
    const { visitor } = await open();
    for (const path of ['a//b', '/a', 'a~2', '..%2F..%2Fetc/']) {
      const answer = await visitor.get(`/api/children?path=${path}`);
      expect([path, answer.status, answer.json.error.kind]).toEqual([path, 400, 'invalid_params']);
    }
  });
});

describe('records', () => {
  it('come in pages that go on from where the last one ended, and back', async () => {
    const { visitor } = await open(25);
    const ask = async (more: object) =>
      (await visitor.post('/api/records', { entity: 'Order', take: 10, ...more })).json;
    const first = await ask({});
    expect(first).toMatchObject({ total: 25, previous: null, path: 'slug' });
    expect(first.rows).toHaveLength(10);
    const second = await ask({ cursor: first.next });
    const third = await ask({ cursor: second.next });
    expect(third.rows.map(({ slug }: any) => slug)).toEqual(['o0020', 'o0021', 'o0022', 'o0023', 'o0024']);
    expect(third.next).toBeNull();
    expect((await ask({ cursor: third.previous })).rows).toEqual(second.rows);
    const back = await ask({ cursor: second.previous });
    expect(back).toMatchObject({ rows: first.rows, previous: null });
  });

  it('say what their properties hold, without what is not selected', async () => {
    const { visitor } = await open(2);
    const { rows } = (await visitor.post('/api/records', { entity: 'Order' })).json;
    expect(rows[1]).toEqual({
      path: 'shop/orders/o0001',
      slug: 'o0001',
      revision: expect.any(Number),
      values: {
        slug: 'o0001',
        state: 'sent',
        pieces: 1,
        'to.city': '100% Genf',
        views: 0,
        createdAt: expect.stringMatching(/Z$/),
      },
    });
  });

  it('begin far behind, where a scroll bar was dragged to', async () => {
    const { visitor } = await open(300);
    const page = (await visitor.post('/api/records', { entity: 'Order', skip: 250, take: 20 })).json;
    expect(page.rows[0].slug).toBe('o0250');
    const next = (await visitor.post('/api/records', { entity: 'Order', cursor: page.next, take: 20 })).json;
    expect(next.rows[0].slug).toBe('o0270');
    const back = (await visitor.post('/api/records', { entity: 'Order', cursor: next.previous, take: 20 }))
      .json;
    expect(back.rows[0].slug).toBe('o0250');
  });

  it('are looked for by an index where there is one', async () => {
    const { visitor } = await open(30);
    const filters = [{ property: 'state', operator: 'is', value: 'open' }];
    const page = (await visitor.post('/api/records', { entity: 'Order', filters })).json;
    expect(page).toMatchObject({ path: 'index state', examined: 10, total: 10 });
  });

  it.each([
    [[['pieces', 'less', '3']], ['o0000', 'o0001', 'o0002']],
    [
      [
        ['pieces', 'greater', '8'],
        ['state', 'isNot', 'open'],
      ],
      ['o0010', 'o0011'],
    ],
    [
      [
        ['to.city', 'contains', '00% g'],
        ['pieces', 'less', '4'],
      ],
      ['o0001', 'o0003'],
    ],
    [[['slug', 'startsWith', 'o001']], ['o0010', 'o0011']],
    [
      [
        ['pieces', 'greater', '2'],
        ['pieces', 'less', '5'],
      ],
      ['o0003', 'o0004'],
    ],
    [[['pieces', 'isNull']], []],
    [[['createdAt', 'less', '2001-01-01']], []],
  ])('are filtered by %j', async (filters, slugs) => {
    const { visitor } = await open(12);
    const { json } = await visitor.post('/api/records', {
      entity: 'Order',
      filters: filters.map(([property, operator, value]) => ({ property, operator, value })),
    });
    expect(json.rows.map(({ slug }: any) => slug)).toEqual(slugs);
  });

  it.each([
    [
      { filters: [{ property: 'pieces', operator: 'less', value: 'many' }] },
      'pieces is a whole number, not "many"',
    ],
    [{ filters: [{ property: 'createdAt', operator: 'is', value: 'soon' }] }, 'createdAt is a date'],
    [{ filters: [{ property: 'price', operator: 'is', value: '1' }] }, 'Order has no property "price"'],
    [{ filters: [{ property: 'pieces', operator: 'contains', value: '1' }] }, 'pieces holds no text'],
    [{ filters: [{ property: 'pieces', operator: 'near', value: '1' }] }, '"operator" is one of'],
    [{ order: { property: 'to', direction: 'asc' } }, 'cannot'],
    [{ take: 201 }, '"take" is a whole number from 1 to 200'],
    [{ cursor: 'x' }, '"cursor"'],
  ])('are refused for %j', async (request, message) => {
    const { visitor } = await open();
    const { status, json } = await visitor.post('/api/records', { entity: 'Order', ...request });
    expect({ status, message: json.error.message }).toEqual({
      status: 400,
      message: expect.stringContaining(message),
    });
  });

  it('of an unknown entity are not there', async () => {
    const { visitor } = await open();
    expect((await visitor.post('/api/records', { entity: 'Nobody' })).status).toBe(404);
  });
});

describe('a record', () => {
  it('is shown leaf by leaf, and as its entity', async () => {
    const { visitor } = await open(1);
    const { json } = await visitor.get('/api/record?path=shop/orders/o0000');
    expect(json).toMatchObject({ path: 'shop/orders/o0000', more: false, entity: 'Order' });
    expect(json.leaves).toEqual(
      expect.arrayContaining([
        { path: 'shop/orders/o0000/pieces', type: 'integer', revision: expect.any(Number), value: 0 },
      ]),
    );
    expect(json.row.values).toMatchObject({ state: 'open', 'to.city': 'Bern' });
    expect(json.revision).toBe(Math.max(...json.leaves.map(({ revision }: any) => revision)));
  });

  it('says why it is none of its entity', async () => {
    const { dataSource, visitor } = await open();
    await dataSource.transport.set('shop/orders/odd/pieces', 'many');
    const { json } = await visitor.get('/api/record?path=shop/orders/odd');
    expect(json).toMatchObject({ entity: 'Order', misfit: 'missing state; malformed pieces' });
    expect(json.row).toBeUndefined();
  });

  it('does without values that are too long to be shown', async () => {
    const { dataSource, visitor } = await open();
    await dataSource.transport.set('long/text', 'x'.repeat(100_000));
    const { json } = await visitor.get('/api/record?path=long');
    expect(json.leaves).toEqual([
      { path: 'long/text', type: 'string', revision: 1, value: null, cut: 100_002 },
    ]);
  });

  it('that is not there has no leaves', async () => {
    const { visitor } = await open();
    expect((await visitor.get('/api/record?path=nothing/here')).json).toEqual({
      path: 'nothing/here',
      leaves: [],
      more: false,
      revision: 0,
    });
  });
});

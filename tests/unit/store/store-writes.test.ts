import { Pattern } from '../../../src/protocol/paths/pattern.js';
import { MAX_PATH_BYTES } from '../../../src/store/index.js';
import type { Store, WriteRequest } from '../../../src/store/index.js';
import { StoppedClock, leavesOf, openStore, refusalOf } from './open-store.js';

describe('Store: writes', () => {
  let store: Store;
  let clock: StoppedClock;

  beforeEach(() => {
    clock = new StoppedClock();
    store = openStore({ clock });
  });

  afterEach(() => store.close());

  it('does what a server was seen to do, and broadcasts it', async () => {
    const events: unknown[] = [];
    store.watch(Pattern.parse('**'), ({ operations }) =>
      events.push(...operations.map(({ storeSeq, op, path, value }) => [storeSeq, op, path, value])),
    );
    const writes: WriteRequest[] = [
      { op: 'set', path: 'l/foo', value: { title: 'T', meta: { a: 1 } } },
      { op: 'merge', path: 'l/foo', value: { title: 'T3', note: 'N', meta: { b: 2 } } },
      { op: 'increment', path: 'c/n', value: 2 },
      { op: 'increment', path: 'c/n', value: -0.5 },
      { op: 'add', path: 'c/s', value: 'x' },
      { op: 'add', path: 'c/s', value: 'y' },
      { op: 'add', path: 'c/s', value: 'x' },
      { op: 'remove', path: 'c/s', value: 'x' },
      { op: 'remove', path: 'c/s', value: 'zz' },
      { op: 'set', path: 'n/null', value: null },
      { op: 'delete', path: 'l/foo' },
      { op: 'delete', path: 'l/foo' },
    ];
    for (const [i, write] of writes.entries()) expect(await store.write(write)).toEqual({ storeSeq: i + 1 });
    expect(events).toEqual([
      [1, 'set', 'l/foo', { title: 'T', meta: { a: 1 } }],
      [2, 'merge', 'l/foo', { title: 'T3', note: 'N', meta: { b: 2 } }],
      [3, 'increment', 'c/n', 2],
      [4, 'increment', 'c/n', 1.5],
      [5, 'add', 'c/s', ['x']],
      [6, 'add', 'c/s', ['y', 'x']],
      [7, 'add', 'c/s', ['x', 'y']],
      [8, 'remove', 'c/s', ['y']],
      [9, 'remove', 'c/s', ['y']],
      [10, 'set', 'n/null', null],
      [11, 'delete', 'l/foo', null],
      [12, 'delete', 'l/foo', null],
    ]);
    expect(leavesOf(store)).toEqual([
      ['c/n', 1.5, 'counter', 4],
      ['c/s', ['y'], 'set', 9],
      ['n/null', null, 'null', 10],
    ]);
  });

  it('takes an existing array as the set, and anything else as an empty one', async () => {
    await store.write({ op: 'set', path: 'list', value: [{ a: 1, b: 2 }, 1] });
    await store.write({ op: 'add', path: 'list', value: { b: 2, a: 1 } });
    await store.write({ op: 'set', path: 'text', value: 'abc' });
    await store.write({ op: 'add', path: 'text', value: 'm' });
    expect(leavesOf(store)).toEqual([
      ['list', [{ b: 2, a: 1 }, 1], 'set', 2],
      ['text', ['m'], 'set', 4],
    ]);
  });

  it('keeps frozen copies of what it is given', async () => {
    const value = { tags: ['a'], meta: { n: 1 } };
    const content = Buffer.from('hello');
    await store.write({ op: 'set', path: 'r', value });
    const { hash } = await store.putFile({ path: 'f', content, filename: 'f' });
    value.tags.push('b');
    content[0] = 0;
    const { value: tags } = store.get('r/tags') ?? {};
    expect(tags).toEqual(['a']);
    expect(Object.isFrozen(tags)).toBe(true);
    (await store.file(hash))?.content.fill(0);
    expect(Buffer.from((await store.file(hash))?.content ?? []).toString()).toBe('hello');
  });

  it('reads a leaf, else the subtree as a map in which descendants win', async () => {
    await store.write({ op: 'set', path: 'a/b', value: 'leaf' });
    await store.write({ op: 'set', path: 'a/b/c', value: 'child' });
    await store.write({ op: 'set', path: 'a/__proto__', value: 'data' });
    expect(store.get('a/b')).toEqual({ path: 'a/b', value: 'leaf', type: 'string', revision: 1 });
    const entry = store.get('a');
    expect(entry).toMatchObject({ path: 'a', type: 'map', revision: 3 });
    expect(JSON.stringify(entry?.value)).toBe('{"__proto__":"data","b":{"c":"child"}}');
    expect(store.get('none')).toBeNull();
    expect(store.exists('a')).toBe(true);
    expect(store.exists('a/b/c/d')).toBe(false);
    expect(store.subtree('a/b').map(({ path }) => path)).toEqual(['a/b', 'a/b/c']);
    expect([...store.getMany(['a', 'a/b', 'a/b', 'none']).keys()]).toEqual(['a/b']);
  });

  describe('preconditions', () => {
    beforeEach(async () => {
      await store.write({ op: 'set', path: 'x', value: 1 });
      await store.write({ op: 'set', path: 'map', value: { a: 1 } });
      await store.write({ op: 'set', path: 'map/b', value: 2 });
    });

    it('lets a write pass when they hold', async () => {
      await store.write({ op: 'set', path: 'x', value: 2, ifMatch: 1 });
      await store.write({ op: 'set', path: 'new', value: 2, ifAbsent: true });
      await store.write({ op: 'set', path: 'map', value: 'replaces the subtree', ifAbsent: true });
      await store.write({ op: 'set', path: 'x', value: 3, ifAbsent: false });
      await store.write({ op: 'delete', path: 'x', ifMatch: 7 });
      expect(leavesOf(store)).toEqual([
        ['map', 'replaces the subtree', 'string', 6],
        ['new', 2, 'integer', 5],
      ]);
    });

    it.each<[WriteRequest, object]>([
      [
        { op: 'set', path: 'x', value: 3, ifMatch: 2 },
        { kind: 'conflict', currentRevision: 1, path: 'x' },
      ],
      [
        { op: 'set', path: 'none', value: 3, ifMatch: 1 },
        { kind: 'conflict', currentRevision: null },
      ],
      [
        { op: 'delete', path: 'x', ifMatch: 2 },
        { kind: 'conflict', currentRevision: 1 },
      ],
      [
        { op: 'delete', path: 'none', ifMatch: 2 },
        { kind: 'conflict', currentRevision: null },
      ],
      [
        { op: 'delete', path: 'map', ifMatch: 3 },
        { kind: 'conflict', currentRevision: 3 },
      ],
      [
        { op: 'delete', path: 'map', ifMatch: 2 },
        { kind: 'conflict', currentRevision: 3 },
      ],
      [
        { op: 'set', path: 'x', value: 3, ifAbsent: true },
        { kind: 'exists', currentRevision: 1 },
      ],
      [
        { op: 'set', path: 'map', value: {}, ifMatch: 3 },
        { kind: 'invalid_params', detail: 'if_match_multi_leaf' },
      ],
      [
        { op: 'set', path: 'y', value: {}, ifAbsent: true },
        { kind: 'invalid_params', detail: 'if_absent_multi_leaf' },
      ],
      [{ op: 'merge', path: 'map', value: {}, ifMatch: 3 }, { detail: 'if_match_unsupported_op' }],
      [{ op: 'increment', path: 'x', value: 1, ifMatch: 1 }, { detail: 'if_match_unsupported_op' }],
      [{ op: 'add', path: 'x', value: 1, ifAbsent: true }, { detail: 'if_absent_unsupported_op' }],
      [{ op: 'delete', path: 'x', ifAbsent: true }, { detail: 'if_absent_unsupported_op' }],
      [{ op: 'set', path: 'q', value: 1, ifAbsent: true, ifMatch: 1 }, { detail: 'invalid_precondition' }],
      [{ op: 'set', path: 'x', value: 1, ifMatch: 0 }, { detail: 'invalid_if_match' }],
      [{ op: 'set', path: 'x', value: 1, ifMatch: 1.5 }, { detail: 'invalid_if_match' }],
    ])('refuses %j', async (request, facts) => {
      expect(await refusalOf(store.write(request))).toMatchObject(facts);
      expect(store.status().storeSeq).toBe(3);
    });
  });

  const LONG = 'x'.repeat(MAX_PATH_BYTES - 4);

  it.each<[string, unknown, object]>([
    ['an unknown operation', { op: 'frobnicate', path: 'x', value: 1 }, { detail: 'invalid_op' }],
    ['an empty path', { op: 'set', path: '', value: 1 }, { detail: 'empty_path' }],
    ['no path', { op: 'set', value: 1 }, { detail: 'empty_path' }],
    ['an empty segment', { op: 'set', path: 'a//b', value: 1 }, { detail: 'empty_segment' }],
    ['a bad escape', { op: 'set', path: 'a~2', value: 1 }, { detail: 'invalid_escape' }],
    ['half a surrogate pair', { op: 'set', path: '\ud800', value: 1 }, { detail: 'unpaired_surrogate' }],
    ['a path too long', { op: 'set', path: `${LONG}/long`, value: 1 }, { detail: 'path_too_long' }],
    ['a path too long in bytes', { op: 'delete', path: 'ä'.repeat(2000) }, { detail: 'path_too_long' }],
    [
      'a key that makes a path too long',
      { op: 'set', path: LONG, value: { a: { b: 1, cd: 1 } } },
      { detail: 'path_too_long' },
    ],
    [
      'merging what is no map',
      { op: 'merge', path: 'x', value: 'nomap' },
      { detail: 'merge_requires_map_value' },
    ],
    [
      'merging an envelope',
      { op: 'merge', path: 'x', value: { _type: 'file' } },
      { detail: 'merge_requires_map_value' },
    ],
    [
      'incrementing by a text',
      { op: 'increment', path: 'x', value: 'one' },
      { detail: 'increment_requires_number_value' },
    ],
    [
      'incrementing by infinity',
      { op: 'increment', path: 'x', value: Infinity },
      { detail: 'increment_requires_number_value' },
    ],
    ['adding null', { op: 'add', path: 'x', value: null }, { detail: 'add_requires_value' }],
    ['removing nothing', { op: 'remove', path: 'x' }, { detail: 'remove_requires_value' }],
    [
      'incrementing a text',
      { op: 'increment', path: 'text', value: 1 },
      { detail: 'increment_requires_number_leaf' },
    ],
    [
      'incrementing null',
      { op: 'increment', path: 'null', value: 1 },
      { detail: 'increment_requires_number_leaf' },
    ],
    [
      'leaving the range of numbers',
      { op: 'increment', path: 'huge', value: 1e308 },
      { detail: 'increment_out_of_range' },
    ],
    ['undefined', { op: 'set', path: 'x', value: undefined }, { kind: 'invalid_value', path: 'x' }],
    ['NaN inside', { op: 'set', path: 'x', value: { a: [NaN] } }, { kind: 'invalid_value' }],
    ['a date', { op: 'set', path: 'x', value: new Date(0) }, { kind: 'invalid_value' }],
    ['an empty key', { op: 'set', path: 'x', value: { '': 1 } }, { kind: 'invalid_value' }],
    ['an empty client id', { op: 'delete', path: 'x', clientOpId: '' }, { detail: 'invalid_client_op_id' }],
    [
      'a client id too long',
      { op: 'delete', path: 'x', clientOpId: 'x'.repeat(256) },
      { detail: 'invalid_client_op_id' },
    ],
    ['a device id that is none', { op: 'delete', path: 'x', deviceId: 7 }, { detail: 'invalid_device_id' }],
    [
      'a fence without a key',
      { op: 'delete', path: 'x', fence: { key: '', token: 1 } },
      { detail: 'empty_path' },
    ],
  ])('refuses %s and writes nothing', async (_, request, facts) => {
    await store.writeBatch({
      operations: [
        { op: 'set', path: 'text', value: 'abc' },
        { op: 'set', path: 'null', value: null },
        { op: 'set', path: 'huge', value: 1.7e308 },
      ],
    });
    expect(await refusalOf(store.write(request as WriteRequest))).toMatchObject({
      kind: 'invalid_params',
      ...facts,
    });
    expect(store.status()).toEqual({ storeSeq: 3, snapshotSeq: 0, operationCount: 3 });
  });

  it('takes the longest path', async () => {
    await store.write({ op: 'set', path: LONG, value: { a: { b: 1 } } });
    expect(store.get(`${LONG}/a/b`)?.value).toBe(1);
  });

  it.each(['get', 'exists', 'subtree'] as const)('refuses to %s what is no path', async (method) => {
    expect(await refusalOf(() => store[method]('a//b'))).toMatchObject({ detail: 'empty_segment' });
    expect(await refusalOf(() => store[method]('x'.repeat(4000)))).toMatchObject({ detail: 'path_too_long' });
  });

  describe('batches', () => {
    it('give each operation a seq, and let later ones see earlier ones', async () => {
      const receipt = await store.writeBatch({
        operations: [
          { op: 'set', path: 'r/c', value: 1 },
          { op: 'set', path: 'r', value: 'over', ifMatch: undefined },
          { op: 'set', path: 'r/d', value: 2 },
          { op: 'set', path: 'r', value: 'again', ifMatch: 2 },
          { op: 'merge', path: 'm', value: { a: { b: 1 } } },
          { op: 'delete', path: 'none' },
        ],
      });
      expect(receipt).toEqual({
        storeSeq: 6,
        operations: [1, 2, 3, 4, 5, 6].map((storeSeq) => ({ storeSeq })),
      });
      expect(leavesOf(store)).toEqual([
        ['m/a/b', 1, 'integer', 5],
        ['r', 'again', 'string', 4],
      ]);
    });

    it('write nothing when one operation is refused', async () => {
      await store.write({ op: 'set', path: 'x', value: 1 });
      const operations = [
        { op: 'set', path: 'z', value: 1 },
        { op: 'set', path: 'x', value: 3, ifMatch: 9 },
      ] as const;
      expect(await refusalOf(store.writeBatch({ operations }))).toMatchObject({
        kind: 'conflict',
        opIndex: 1,
        path: 'x',
        currentRevision: 1,
      });
      expect(leavesOf(store)).toEqual([['x', 1, 'integer', 1]]);
      expect((await store.write({ op: 'set', path: 'y', value: 1 })).storeSeq).toBe(2);
    });

    it('honour ifAbsent against earlier operations', async () => {
      const operations = [
        { op: 'set', path: 'x', value: 1, ifAbsent: true },
        { op: 'set', path: 'x', value: 2, ifAbsent: true },
      ] as const;
      expect(await refusalOf(store.writeBatch({ operations }))).toMatchObject({
        kind: 'exists',
        opIndex: 1,
        currentRevision: 1,
      });
    });

    it.each<[string, object[], object]>([
      ['none', [], { detail: 'batch_size' }],
      ['1001', Array.from({ length: 1001 }, () => ({ op: 'delete', path: 'x' })), { detail: 'batch_size' }],
      [
        'leases',
        [
          { op: 'increment', path: 'x', value: 1 },
          { op: 'lease', path: 'y' },
        ],
        { detail: 'unsupported_batch_op', opIndex: 1 },
      ],
      [
        'bad paths',
        [
          { op: 'delete', path: 'x' },
          { op: 'delete', path: 'a//b' },
        ],
        { detail: 'empty_segment', opIndex: 1 },
      ],
      ['bad values', [{ op: 'set', path: 'x', value: NaN }], { kind: 'invalid_value', opIndex: 0 }],
    ])('refuse %s', async (_, operations, facts) => {
      expect(await refusalOf(store.writeBatch({ operations: operations as any }))).toMatchObject(facts);
      expect(store.status().storeSeq).toBe(0);
    });

    it('may hold 1000 operations', async () => {
      const operations = Array.from({ length: 1000 }, (_, i) => ({
        op: 'set' as const,
        path: `k/${i}`,
        value: i,
      }));
      expect((await store.writeBatch({ operations })).storeSeq).toBe(1000);
    });
  });

  describe('files', () => {
    const HASH = 'sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

    it('are kept by content, with an envelope at the path', async () => {
      const content = new TextEncoder().encode('hello world');
      const file = { content, filename: 'hello.txt', contentType: 'text/plain' };
      expect(await store.putFile({ path: 'docs/hello', ...file })).toEqual({ storeSeq: 1, hash: HASH });
      expect(store.get('docs/hello')).toEqual({
        path: 'docs/hello',
        type: 'file',
        revision: 1,
        value: {
          _type: 'file',
          hash: HASH,
          size: 11,
          filename: 'hello.txt',
          content_type: 'text/plain',
          uploaded_at: '2030-01-01T00:00:00.000Z',
        },
      });
      await store.write({ op: 'delete', path: 'docs/hello' });
      expect(await store.file(HASH)).toEqual({ content, contentType: 'text/plain', filename: 'hello.txt' });
      expect(await store.file('sha256:0000')).toBeNull();
    });

    it('need bytes', async () => {
      const request = { path: 'docs/text', content: 'text' as unknown as Uint8Array, filename: 'f' };
      expect(await refusalOf(store.putFile(request))).toMatchObject({ detail: 'put_file_requires_bytes' });
    });

    it('need a name', async () => {
      const request = { path: 'docs/noname', content: new Uint8Array(), filename: '' };
      expect(await refusalOf(store.putFile(request))).toMatchObject({ detail: 'put_file_requires_filename' });
    });
  });
});

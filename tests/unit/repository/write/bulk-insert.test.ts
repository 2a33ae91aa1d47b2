import type { BulkInsertProgress } from '../../../../src/index.js';
import { DustError } from '../../../../src/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { Link, link, methods, useDataSources } from '../support.js';

const connect = useDataSources();
const links = (count: number) => Array.from({ length: count }, (_, i) => link(`s${i}`));

describe('insertMany', () => {
  it('commits chunks of records and reports after each', async () => {
    const { manager, control } = await connect([Link]);
    const progress: BulkInsertProgress[] = [];
    const result = await manager.insertMany(Link, links(25), {
      chunkSize: 10,
      onProgress: (at) => progress.push(at),
    });
    expect(result).toEqual({ storeSeq: 25, affected: 25 });
    expect(methods(control)).toEqual(['batchWrite', 'batchWrite', 'batchWrite']);
    expect(progress).toEqual([
      { done: 10, total: 25 },
      { done: 20, total: 25 },
      { done: 25, total: 25 },
    ]);
  });

  it('ends a chunk sooner when its operations fill a batch', async () => {
    const { manager, control } = await connect([Link], { merge: false, batchMerge: false });
    await manager.insertMany(Link, links(501), { chunkSize: 1000 });
    expect(control.writes.map(([, operations]) => (operations as unknown[]).length)).toEqual([1000, 2]);
  });

  it('sends single writes, several at a time, where there are no batches', async () => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    let underWay = 0;
    let most = 0;
    control.before = async (method) => {
      if (method !== 'merge') return;
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
    };
    expect(await manager.insertMany(Link, links(100))).toMatchObject({ affected: 100 });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(32);
  });

  it('pulls a source chunk by chunk, and knows the total of a set', async () => {
    const { manager, control } = await connect([Link]);
    const pulledAtWrite: number[] = [];
    let pulled = 0;
    function* source() {
      for (const record of links(6)) {
        pulled++;
        yield record;
      }
    }
    control.before = (method) => method === 'batchWrite' && pulledAtWrite.push(pulled);
    const progress: BulkInsertProgress[] = [];
    await manager.insertMany(Link, source(), { chunkSize: 2, onProgress: (at) => progress.push(at) });
    expect(pulledAtWrite).toEqual([2, 4, 6]);
    expect(progress.at(-1)).toEqual({ done: 6, total: undefined });

    await manager.insertMany(Link, new Set(links(3)), { onProgress: (at) => progress.push(at) });
    expect(progress.at(-1)).toEqual({ done: 3, total: 3 });
  });

  it.each([
    ['an invalid record', { title: '' }, 'validation'],
    ['a record without a slug', { slug: undefined as never }, 'invalid_value'],
    ['a slug that occurred before', { slug: 's1' }, 'invalid_value'],
  ])('%s stops it: nothing of its chunk is sent', async (_, flaw, kind) => {
    const { manager } = await connect([Link]);
    const records = links(10);
    Object.assign(records[7]!, flaw);
    await expect(manager.insertMany(Link, records, { chunkSize: 3 })).rejects.toMatchObject({
      name: 'BulkInsertError',
      kind,
      index: 7,
      slug: records[7]?.slug,
      landed: 6,
      message: expect.stringMatching(/^Link: insertMany stopped at record 7 .* with 6 records written/),
    });
    expect(await manager.count(Link)).toBe(6);
  });

  it('names the record that occurred before', async () => {
    const { manager } = await connect([Link]);
    await expect(manager.insertMany(Link, [link('a'), link('b'), link('a')])).rejects.toMatchObject({
      detail: 'duplicate_slug',
      index: 2,
      message: expect.stringContaining('that of record 0'),
    });
  });

  it('a chunk that fails as a whole is reported at its first record', async () => {
    const { manager, control } = await connect([Link]);
    control.before = (method) => {
      if (method === 'batchWrite' && control.writes.length === 1) {
        throw new DustError('network', 'the line broke');
      }
    };
    await expect(manager.insertMany(Link, links(6), { chunkSize: 3 })).rejects.toMatchObject({
      kind: 'network',
      retryable: true,
      index: 3,
      slug: 's3',
      landed: 3,
    });
  });

  it('without batches counts what landed around the failure', async () => {
    const { manager, control } = await connect([Link], { atomicBatch: false });
    control.before = (method, [path]) => {
      if (method === 'merge' && path === 'reading/links/s4') throw new DustError('network', 'the line broke');
    };
    const error = await manager.insertMany(Link, links(8)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BulkInsertError', index: 4, slug: 's4' });
    expect(await manager.count(Link)).toBe(Reflect.get(error as object, 'landed'));
  });

  it('sends smaller chunks to a store that takes long for them, and larger ones when it does not', async () => {
    const clock = new TestClock();
    const { manager, control } = await connect([Link], { merge: false, batchMerge: false }, { clock });
    const sizes = (): number[] =>
      control.writes.splice(0).map(([, operations]) => (operations as unknown[]).length);
    control.before = (method, [operations]) =>
      method === 'batchWrite' ? clock.advance((operations as unknown[]).length * 4) : undefined;
    await manager.insertMany(Link, links(900));
    expect(sizes()).toEqual([1000, 250, 250, 250, 50]);
    control.before = () => undefined;
    await manager.insertMany(Link, links(900));
    expect(sizes()).toEqual([1000, 800]);
  });

  it.each([
    ['indeterminate', { detail: 'writer_unavailable' }, 3],
    ['timeout', { detail: 'response' }, 3],
    ['timeout', { detail: 'connect' }, 0],
    ['network', { detail: 'connection_lost' }, 3],
    ['network', { detail: 'connection_refused' }, 0],
    ['http', { status: 503 }, 3],
    ['forbidden', { status: 403 }, 0],
  ] as const)('a chunk that fails with %s %j leaves the outcome of %d records open', async (...row) => {
    const [kind, details, unsettled] = row;
    const { manager, control } = await connect([Link]);
    control.before = (method) => {
      if (method === 'batchWrite' && control.writes.length === 1) throw new DustError(kind, 'Cut.', details);
    };
    const rest = unsettled === 0 ? '' : ' for certain, and 3 more of which nobody knows';
    await expect(manager.insertMany(Link, links(6), { chunkSize: 3 })).rejects.toMatchObject({
      kind,
      landed: 3,
      unsettled,
      message: `Link: insertMany stopped at record 3 (slug "s3") with 3 records written${rest}: Cut.`,
    });
  });

  it.each([
    [['s4'], 1],
    [['s4', 's5', 's6'], 3],
    [[], 0],
  ])(
    'without batches the outcome of each record is open whose answer is missing: %j',
    async (lost, unsettled) => {
      const { manager, control } = await connect([Link], { atomicBatch: false });
      control.before = async (method, [path]) => {
        if (method !== 'merge') return;
        // All of them are under way by then.
        await new Promise(setImmediate);
        const slug = String(path).split('/').at(-1)!;
        if (lost.includes(slug)) throw new DustError('network', 'Cut.', { detail: 'connection_lost' });
        if (slug === 's3' || slug === 's7') throw new DustError('forbidden', 'no');
      };
      await expect(manager.insertMany(Link, links(8))).rejects.toMatchObject({
        kind: 'forbidden',
        index: 3,
        landed: 6 - lost.length,
        unsettled,
      });
      expect(await manager.count(Link)).toBe(6 - lost.length);
    },
  );

  it.each([
    ['a number', 2, 2],
    ['nothing', undefined, undefined],
    ['something else', () => 2, undefined],
  ])('tells of a source whose size is %s how many there are in all', async (_, size, total) => {
    const { manager } = await connect([Link]);
    const source = Object.assign(links(2).values(), size === undefined ? {} : { size });
    const progress: unknown[] = [];
    await manager.insertMany(Link, source, { onProgress: (at) => progress.push(at) });
    expect(progress).toEqual([{ done: 2, total }]);
  });

  it('stops at the record that a listener fails for, with what is written by then', async () => {
    const { manager, dataSource } = await connect([Link]);
    const heard: string[] = [];
    const mine = new RangeError('mine');
    dataSource.subscribers.push({
      afterInsert: ({ entity }) => {
        const slug = String(Reflect.get(entity, 'slug'));
        heard.push(slug);
        if (slug === 's4') throw mine;
      },
    });
    await expect(manager.insertMany(Link, links(9), { chunkSize: 3 })).rejects.toMatchObject({
      name: 'BulkInsertError',
      kind: 'aborted',
      detail: 'thrown',
      index: 4,
      slug: 's4',
      landed: 6,
      unsettled: 0,
      cause: mine,
    });
    expect(heard).toEqual(['s0', 's1', 's2', 's3', 's4', 's5']);
    expect(await manager.count(Link)).toBe(6);
  });

  it('is called off between records', async () => {
    const { manager } = await connect([Link]);
    const { signal, abort } = (() => {
      const controller = new AbortController();
      return { signal: controller.signal, abort: () => controller.abort() };
    })();
    await expect(
      manager.insertMany(Link, links(9), {
        chunkSize: 3,
        signal,
        onProgress: ({ done }) => done === 6 && abort(),
      }),
    ).rejects.toMatchObject({ kind: 'aborted', index: 6, landed: 6 });
    expect(await manager.count(Link)).toBe(6);
  });

  it('takes no more from its source once it is called off', async () => {
    const { manager, control } = await connect([Link]);
    const controller = new AbortController();
    let pulled = 0;
    function* source() {
      for (const record of links(9)) {
        if (++pulled === 3) controller.abort('enough');
        yield record;
      }
    }
    const inserted = manager.insertMany(Link, source(), { signal: controller.signal });
    await expect(inserted).rejects.toMatchObject({
      kind: 'aborted',
      index: 2,
      slug: 's2',
      landed: 0,
      cause: expect.objectContaining({ cause: 'enough' }),
    });
    expect([pulled, control.writes]).toEqual([3, []]);
  });

  it('has 500 records in a chunk unless it is told otherwise', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insertMany(Link, links(501));
    await manager.insertMany(Link, links(501), { chunkSize: 501 });
    expect(
      control.writes.map(([method, operations]) =>
        method === 'batchWrite' ? (operations as unknown[]).length : 1,
      ),
    ).toEqual([500, 1, 501]);
  });

  it('takes what an asynchronous source gives, chunk by chunk', async () => {
    const { manager, control } = await connect([Link]);
    let isUnderWay = false;
    control.before = async () => {
      isUnderWay = true;
      await new Promise(setImmediate);
      isUnderWay = false;
    };
    const pulledUnderWay: boolean[] = [];
    async function* source() {
      for (const record of links(5)) {
        pulledUnderWay.push(isUnderWay);
        yield await Promise.resolve(record);
      }
    }
    expect(await manager.insertMany(Link, source(), { chunkSize: 2 })).toMatchObject({ affected: 5 });
    expect(pulledUnderWay).toEqual([false, false, false, false, false]);
    expect(await manager.count(Link)).toBe(5);
  });

  it('takes records one by one', async () => {
    const { manager, control } = await connect([Link]);
    await manager.insertMany(Link, links(3), { chunkSize: 1 });
    expect(control.writes).toHaveLength(3);
  });

  it.each([0, -1, 1.5, '10'])('refuses the chunk size %p', async (chunkSize) => {
    const { manager } = await connect([Link]);
    await expect(manager.insertMany(Link, [], { chunkSize: chunkSize as number })).rejects.toMatchObject({
      kind: 'invalid_options',
    });
  });

  it('an error of the source itself is the cause', async () => {
    const { manager } = await connect([Link]);
    async function* broken() {
      yield link('a');
      throw new RangeError('disk full');
    }
    await expect(manager.insertMany(Link, broken())).rejects.toMatchObject({
      name: 'BulkInsertError',
      index: 1,
      landed: 0,
      cause: new RangeError('disk full'),
    });
  });
});

it('gives others their turn between two chunks, whose store may answer at once, and hears a signal then', async () => {
  const { manager, control } = await connect([Link]);
  const controller = new AbortController();
  control.before = () => setImmediate(() => controller.abort());
  const inserted = manager.insertMany(Link, links(3), { chunkSize: 1, signal: controller.signal });
  await expect(inserted).rejects.toMatchObject({ name: 'BulkInsertError', kind: 'aborted', landed: 1 });
  expect(await manager.count(Link)).toBe(1);
});

it('takes no turn for what one chunk holds', async () => {
  const { manager } = await connect([Link]);
  let turns = 0;
  setImmediate(() => turns++);
  await manager.insertMany(Link, links(10));
  expect(turns).toBe(0);
});

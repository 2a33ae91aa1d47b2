import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { firstValueFrom } from 'rxjs';
import type { DustOperationMessage, Repository, DustFile } from '../../../src/index.js';
import {
  CounterField,
  DataSource,
  DustEntity,
  EmbeddedTransport,
  Field,
  FileField,
  OPERATION_CHANNEL,
  SetField,
  Slug,
} from '../../../src/index.js';
import type { TestDataSource } from '../../../src/testing/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { endedOperations, stopListening, tracedOperations } from './listening.js';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @CounterField() views!: number;
  @SetField({ type: 'string' }) tags!: string[];
  @FileField() icon?: DustFile;
}

@DustEntity({ prefix: 'notes', store: 'acme/other' })
class Note {
  @Slug() id!: string;
  @Field() text?: string;
}

let dust: TestDataSource;
let links: Repository<Link>;

beforeEach(async () => {
  dust = await createTestDataSource({ entities: [Link, Note], name: 'reading', store: 'acme/reading' });
  links = dust.getRepository(Link);
  await links.insert(['a', 'b', 'c'].map((slug) => ({ slug, title: slug })));
});

afterEach(async () => {
  stopListening();
  await dust.destroy();
});

const ABOUT_LINKS = {
  entity: 'Link',
  prefix: 'reading/links',
  store: 'acme/reading',
  dataSource: 'reading',
};

describe('an operation on the tracing channel', () => {
  it('is told from its start to its end, with the count of what it came to and no record', async () => {
    const steps = tracedOperations();
    await links.findBy({ slug: 'a' });
    const asked = { operation: 'find', ...ABOUT_LINKS, slug: 'a', count: 1 };
    const read = { path: 'slugs', examined: 1 };
    const done = { read, result: { records: 1 } };
    expect(steps).toEqual([
      { step: 'start', message: asked },
      { step: 'end', message: asked },
      { step: 'asyncStart', message: { ...asked, ...done } },
      { step: 'asyncEnd', message: { ...asked, ...done } },
    ]);
  });

  it('has ended when its caller goes on', async () => {
    const ended = endedOperations();
    await links.count();
    expect(ended).toHaveLength(1);
    await links.findOneOrFail({ where: { slug: 'nobody' } }).catch(() => undefined);
    expect(ended).toHaveLength(2);
  });

  it('tells the error its caller gets', async () => {
    const steps = tracedOperations();
    dust.failNext('network');
    const error: unknown = await links.find().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'network' });
    expect(steps.map(({ step }) => step)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(steps[2]!.message.error).toBe(error);
    expect(steps.at(-1)!.message).not.toHaveProperty('result');
  });

  it('tells arguments that are refused, too, as the rejection they are', async () => {
    const steps = tracedOperations();
    const refused = links.find({ take: -1 });
    await expect(refused).rejects.toMatchObject({ kind: 'invalid_options' });
    expect(steps.map(({ step }) => step)).toContain('error');
  });

  const slug = (name: string, count = 1) => ({ slug: name, count });
  const CASES: readonly [string, () => Promise<unknown>, object, number | undefined][] = [
    ['find', () => links.find({ take: 2 }), {}, 2],
    ['find', () => links.findBy([{ slug: 'a' }, { slug: 'b' }]), {}, 2],
    ['findOne', () => links.findOneByOrFail({ slug: 'b' }), slug('b'), 1],
    ['findOne', () => links.findOneBy({ slug: 'z' }), slug('z'), 0],
    ['findAndCount', () => links.findAndCount({ take: 1 }), {}, 1],
    ['exists', () => links.existsBy({ title: 'b' }), {}, 1],
    ['count', () => links.count(), {}, 3],
    ['getMany', () => links.getMany(['a', 'b', 'z']), { count: 3 }, 2],
    ['preload', () => links.preload({ slug: 'a', title: 'A' }), slug('a'), 1],
    ['save', () => links.save({ slug: 'd', title: 'D' }), slug('d'), 1],
    [
      'save',
      () =>
        links.save([
          { slug: 'd', title: 'D' },
          { slug: 'e', title: 'E' },
        ]),
      { count: 2 },
      2,
    ],
    ['save', () => dust.manager.save(Link, { slug: 'd', title: 'D' }), slug('d'), 1],
    ['insert', () => links.insert({ slug: 'd', title: 'D' }), slug('d'), 1],
    [
      'upsert',
      () =>
        links.upsert([
          { slug: 'a', title: 'A' },
          { slug: 'd', title: 'D' },
        ]),
      { count: 2 },
      2,
    ],
    ['insertMany', () => links.insertMany([{ slug: 'x', title: 'X' }]), slug('x'), 1],
    ['insertMany', () => links.insertMany(new Set([{ slug: 'x', title: 'X' }])), {}, 1],
    ['update', () => links.update(['a', 'b', 'z'], { title: 'T' }), { count: 3 }, 2],
    ['update', () => links.update({ title: 'a' }, { title: 'T' }), {}, 1],
    ['remove', () => links.remove(links.create({ slug: 'a' })), slug('a'), 1],
    ['remove', async () => dust.manager.remove(await links.find()), { count: 3 }, 3],
    ['delete', () => links.delete('a'), slug('a'), 1],
    ['clear', () => links.clear(), {}, undefined],
    ['increment', () => links.increment('a', 'views', 2), slug('a'), 1],
    ['decrement', () => links.decrement('a', 'views', 2), slug('a'), 1],
    ['addTo', () => links.addTo('a', 'tags', 'new'), slug('a'), 1],
    ['removeFrom', () => links.removeFrom('a', 'tags', 'new'), slug('a'), 1],
    ['putFile', () => links.putFile('a', 'icon', Buffer.from('x'), { filename: 'x' }), slug('a'), 1],
    ['openFile', () => links.openFile('a', 'icon'), slug('a'), 0],
    ['find', () => dust.manager.find(Link), {}, 3],
  ];

  it.each(CASES)('%s (%#)', async (operation, run, given, records) => {
    const ended = endedOperations();
    await run();
    const nothing = { slug: undefined, count: undefined };
    // What it says of its read is slow-operations.test.ts's.
    expect({ ...ended.at(-1), read: undefined }).toEqual({
      operation,
      ...ABOUT_LINKS,
      ...nothing,
      ...given,
      result: { records },
    });
    expect(ended.filter((message) => message.operation === operation)).toHaveLength(1);
  });

  it('of the manager names no class when it concerns none or several', async () => {
    const note = Object.assign(new Note(), { id: 'n', text: 'N' });
    const link = Object.assign(new Link(), { slug: 'd', title: 'D' });
    const ended = endedOperations();
    await dust.manager.batch((batch) => batch.insert(Link, { slug: 'd', title: 'D' }).delete(Link, 'a'));
    await dust.manager.batch((batch) => batch.insert(Note, { id: 'n', text: 'N' }));
    await dust.manager.save([link, note]);
    await dust.manager.save([]);
    const lease = await dust.manager.lease('locks/a');
    await lease.release();
    await dust.manager.singleFlight('flights/a', () => links.count());
    const none = { entity: undefined, prefix: undefined, slug: undefined, dataSource: 'reading' };
    const own = { ...none, store: 'acme/reading' };
    const counted = { operation: 'count', ...ABOUT_LINKS, slug: undefined, count: undefined };
    expect(ended).toEqual([
      { operation: 'batch', ...own, count: 2, result: { records: 2 } },
      { operation: 'batch', ...none, store: 'acme/other', count: 1, result: { records: 1 } },
      { operation: 'save', ...own, count: 2, result: { records: 2 } },
      { operation: 'save', ...own, count: 0, result: { records: 0 } },
      { operation: 'lease', ...own, count: undefined, result: { records: undefined } },
      { ...counted, read: { path: 'scan', examined: 0 }, result: { records: 3 } },
      { operation: 'singleFlight', ...own, count: undefined, result: { records: undefined } },
    ]);
  });

  it('names the store of an entity that has its own', async () => {
    const ended = endedOperations();
    await dust.getRepository(Note).find();
    expect(ended[0]).toMatchObject({ entity: 'Note', store: 'acme/other', prefix: 'notes' });
  });

  it('is not told of what only builds entities, watches, or asks a data source that is closed', async () => {
    const steps = tracedOperations();
    links.merge(links.create({ slug: 'a' }), { title: 'b' });
    const lists: Link[][] = [];
    const subscription = links.live().subscribe((list) => lists.push(list));
    await firstValueFrom(links.live());
    await dust.emit({ op: 'delete', path: 'reading/links' });
    expect(lists.map((list) => list.length)).toEqual([3, 0]);
    subscription.unsubscribe();
    await dust.destroy();
    await expect(links.find()).rejects.toMatchObject({ kind: 'closed' });
    expect(steps).toEqual([]);
  });

  it('answers the same whether anybody listens or not', async () => {
    const quiet = [await links.find(), await links.findAndCount(), await links.findOneBy({ slug: 'z' })];
    tracedOperations();
    expect([await links.find(), await links.findAndCount(), await links.findOneBy({ slug: 'z' })]).toEqual(
      quiet,
    );
  });
});

describe('a context bound to the start', () => {
  const tracing = tracingChannel<string, DustOperationMessage>(OPERATION_CHANNEL);
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];

  class Seeing extends EmbeddedTransport {
    override localRecords(
      ...args: Parameters<EmbeddedTransport['localRecords']>
    ): ReturnType<EmbeddedTransport['localRecords']> {
      seen.push(storage.getStore());
      return super.localRecords(...args);
    }
  }

  beforeEach(() => {
    seen.length = 0;
    tracing.start.bindStore(storage, ({ operation, entity }) => `${operation} ${entity ?? ''}`);
  });

  afterEach(() => {
    tracing.start.unbindStore(storage);
  });

  it('is there where the store is asked, and not for the caller', async () => {
    const dataSource = await new DataSource({ entities: [Link], transport: () => new Seeing() }).initialize();
    const repository = dataSource.getRepository(Link);
    await repository.insertMany(Array.from({ length: 300 }, (_, i) => ({ slug: `s${i}`, title: 'x' })));
    seen.length = 0;
    await repository.find();
    expect(new Set(seen)).toEqual(new Set(['find Link']));
    seen.length = 0;
    await storage.run('caller', async () => {
      for await (const link of repository.stream()) {
        expect([link.title, storage.getStore()]).toEqual(['x', 'caller']);
      }
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set(['stream Link']));
    await dataSource.destroy();
  });
});

describe('a stream', () => {
  it('is one operation, from the first record asked for to the last', async () => {
    const steps = tracedOperations();
    const stream = links.stream();
    expect(steps).toEqual([]);
    await stream.next();
    expect(steps.map(({ step }) => step)).toEqual(['start', 'end']);
    for await (const link of stream) expect(link).toBeInstanceOf(Link);
    expect(steps.map(({ step }) => step)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(steps.at(-1)!.message).toMatchObject({ operation: 'stream', result: { records: 3 } });
  });

  it('ends when its consumer stops', async () => {
    const ended = endedOperations();
    for await (const link of links.stream()) {
      if (link.slug === 'b') break;
    }
    expect(ended).toMatchObject([{ operation: 'stream', result: { records: 2 } }]);
    expect(ended[0]!.error).toBeUndefined();
  });

  it('tells the error that ends it', async () => {
    const ended = endedOperations();
    dust.failNext('network');
    await expect(links.stream().next()).rejects.toMatchObject({ kind: 'network' });
    expect(ended).toMatchObject([{ operation: 'stream', error: { kind: 'network' } }]);
  });
});

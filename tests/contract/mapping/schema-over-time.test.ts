import { filter, firstValueFrom } from 'rxjs';
import type { DataSource, RawRecord, Repository } from '../../../src/index.js';
import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  Index,
  IsNull,
  Not,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';
import { interleave } from '../rows/overlay.js';

/** A field with two earlier names, one that is newly required, and one more of an object. */
function defineTask(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Task {
    @Slug() id!: string;
    @Field('string', { required: true, from: ['name', 'text'] }) title!: string;
    @Field('integer', { required: true, default: 3, applyOnRead: true }) priority!: number;
    @Field('string') note?: string | null;
    @Field('json', { from: ['info'] }) details?: unknown;
    @CreatedAtField({ from: ['added'] }) createdAt?: Date;
    @UpdatedAtField() changedAt?: Date;
  }
  return Task;
}

type Task = InstanceType<ReturnType<typeof defineTask>>;

/** Version 3: `full` was split by 2, `cents` became `amount` by 3. */
function definePayer(prefix: string[], mode: StorageMode) {
  @DustEntity({
    prefix,
    mode,
    version: 3,
    upgrade: {
      2: ({ full, ...rest }: RawRecord) => {
        if (typeof full !== 'string') throw new Error('no full name');
        const [first, last] = full.split(' ');
        return { ...rest, first, last: last ?? null };
      },
      3: ({ cents, ...rest }: RawRecord) =>
        typeof cents === 'number' ? { ...rest, amount: { value: cents / 100, in: 'EUR' } } : rest,
    },
  })
  class Payer {
    @Slug() id!: string;
    @Field('string', { required: true }) first!: string;
    @Field('string') last?: string | null;
    @Field('json') amount?: unknown;
    @Field('string', { from: ['mail'] }) email?: string | null;
  }
  return Payer;
}

type Payer = InstanceType<ReturnType<typeof definePayer>>;

describeContract('schema over time', (context) => {
  let prefix: string[];
  let other: Transport;

  beforeEach(async () => {
    prefix = context.uniquePrefix();
    other = await context.insider();
  });

  const at = (slug: string): string => [...prefix, slug].join('/');
  const write = async (slug: string, fields: Record<string, JsonValue>): Promise<void> => {
    await other.set(at(slug), fields);
  };
  const stored = async (slug: string): Promise<JsonValue | undefined> => (await other.get(at(slug)))?.value;

  describe.each(MODES)('in %s mode', (mode) => {
    const tasks = async (): Promise<Repository<Task>> => {
      const entity = defineTask(prefix, mode);
      return (await context.connect([entity])).getRepository(entity);
    };
    const payers = async (): Promise<Repository<Payer>> => {
      const entity = definePayer(prefix, mode);
      return (await context.connect([entity])).getRepository(entity);
    };

    it('a value under an earlier name is read, the present name first', async () => {
      await write('a', { name: 'By name', text: 'By text', priority: 1 });
      await write('b', { text: 'By text', priority: 1, info: { deep: { er: 1 } } });
      await write('c', { title: 'By title', name: 'By name', priority: 1 });
      const repository = await tasks();
      const found = await repository.find();
      expect(found.map(({ title }) => title)).toEqual(['By name', 'By text', 'By title']);
      expect(found[1]?.details).toEqual({ deep: { er: 1 } });
      expect(await repository.findBy({ title: 'By text' })).toMatchObject([{ id: 'b' }]);
    });

    it('a save moves it in one commit, though nothing else has changed', async () => {
      await write('a', { name: 'Old', priority: 1, info: { x: 1, y: 2 }, added: '2020-01-01T00:00:00.000Z' });
      const repository = await tasks();
      const task = await repository.findOneByOrFail({ id: 'a' });
      expect(await stored('a')).toMatchObject({ name: 'Old' });
      await repository.save(task);
      expect(task.changedAt).toBeInstanceOf(Date);
      expect(await stored('a')).toEqual({
        title: 'Old',
        priority: 1,
        details: { x: 1, y: 2 },
        createdAt: '2020-01-01T00:00:00.000Z',
        changedAt: task.changedAt?.toISOString(),
      });
      const state = await context.stateOf(prefix);
      await repository.save(task);
      await repository.save(await repository.findOneByOrFail({ id: 'a' }));
      expect(await context.stateOf(prefix)).toEqual(state);
    });

    it('an update of any field moves it in the same commit', async () => {
      await write('a', { name: 'Old', priority: 1, note: 'n', info: { x: 1 } });
      await write('b', { text: 'Older', priority: 1 });
      const repository = await tasks();
      expect((await repository.update(['a', 'b'], { note: 'new' })).affected).toBe(2);
      expect(await stored('a')).toMatchObject({ title: 'Old', note: 'new', details: { x: 1 } });
      expect(await stored('a')).not.toHaveProperty('name');
      expect(await stored('b')).toMatchObject({ title: 'Older', note: 'new' });
      await write('c', { name: 'Old', priority: 1, text: 'Older' });
      await repository.update('c', { title: 'New' });
      const { changedAt: _, ...rest } = (await stored('c')) as Record<string, unknown>;
      expect(rest).toEqual({ title: 'New', priority: 1 });
    });

    it('a record without a newly required field reads with the default, which the next save writes', async () => {
      await write('a', { title: 'A' });
      await write('b', { title: 'B', priority: null });
      await write('c', { title: 'C', priority: 5 });
      const repository = await tasks();
      expect((await repository.find()).map(({ priority }) => priority)).toEqual([3, 3, 5]);
      expect(await repository.countBy({ priority: 3 })).toBe(2);
      expect(await repository.countBy({ priority: IsNull() })).toBe(0);
      await repository.update('a', { note: 'n' });
      expect(await stored('a')).not.toHaveProperty('priority');
      const task = await repository.findOneByOrFail({ id: 'a' });
      await repository.save(task);
      expect(await stored('a')).toMatchObject({ title: 'A', note: 'n', priority: 3 });
      await repository.save({ id: 'b', note: 'n' });
      expect((await repository.findOneByOrFail({ id: 'b' })).priority).toBe(3);
    });

    it('what somebody else has written meanwhile is not overwritten by a default', async () => {
      if (mode === 'map') return;
      await write('a', { title: 'A' });
      const repository = await tasks();
      const task = await repository.findOneByOrFail({ id: 'a' });
      await other.set(`${at('a')}/priority`, 9);
      await repository.save(Object.assign(task, { note: 'mine' }));
      expect(await stored('a')).toMatchObject({ title: 'A', note: 'mine', priority: 9 });
      await write('b', { title: 'B' });
      const [partial] = await repository.find({ where: { id: 'b' }, select: ['id', 'priority', 'note'] });
      await other.set(`${at('b')}/priority`, 9);
      await repository.save(Object.assign(partial!, { note: 'mine' }));
      expect(await stored('b')).toMatchObject({ title: 'B', note: 'mine', priority: 9 });
      await write('c', { title: 'C' });
      const [unchanged] = await repository.find({ where: { id: 'c' }, select: ['id', 'priority'] });
      await repository.save(unchanged!);
      expect(await stored('c')).toMatchObject({ title: 'C', priority: 3 });
    });

    it('a record of an earlier version is upgraded when it is read, and written back by the next save', async () => {
      await write('a', { full: 'Ann Archer', cents: 250, mail: 'ann@example.com' });
      await write('b', { _schema: 2, first: 'Bob', cents: 100 });
      const repository = await payers();
      expect(await stored('a')).toHaveProperty('full');
      const [a, b] = await repository.find();
      expect(a).toMatchObject({
        first: 'Ann',
        last: 'Archer',
        email: 'ann@example.com',
        amount: { value: 2.5, in: 'EUR' },
      });
      expect(b).toMatchObject({ first: 'Bob', amount: { value: 1, in: 'EUR' } });
      await repository.save([a!, b!]);
      expect(await stored('a')).toEqual({
        _schema: 3,
        first: 'Ann',
        last: 'Archer',
        email: 'ann@example.com',
        amount: { value: 2.5, in: 'EUR' },
      });
      expect(await stored('b')).toEqual({ _schema: 3, first: 'Bob', amount: { value: 1, in: 'EUR' } });
      const state = await context.stateOf(prefix);
      await repository.save(await repository.find());
      expect(await context.stateOf(prefix)).toEqual(state);
    });

    it('an update of an older record upgrades all of it', async () => {
      await write('a', { full: 'Ann Archer', cents: 250 });
      const repository = await payers();
      await repository.update('a', { last: 'Baker' });
      expect(await stored('a')).toEqual({
        _schema: 3,
        first: 'Ann',
        last: 'Baker',
        amount: { value: 2.5, in: 'EUR' },
      });
      await write('b', { full: 'Bob' });
      await repository.update({ first: 'Bob' }, { amount: { value: 1 } });
      expect(await stored('b')).toEqual({ _schema: 3, first: 'Bob', last: null, amount: { value: 1 } });
    });

    it('an insert says the version, also where an older record lies', async () => {
      await write('b', { full: 'Bob Old', cents: 1, other: 'kept' });
      const repository = await payers();
      await repository.insert([
        { id: 'a', first: 'Ann' },
        { id: 'b', first: 'Bob' },
      ]);
      expect(await stored('a')).toEqual({ _schema: 3, first: 'Ann' });
      expect(await stored('b')).toEqual(
        mode === 'map'
          ? { _schema: 3, first: 'Bob' }
          : { _schema: 3, first: 'Bob', last: 'Old', amount: { value: 0.01, in: 'EUR' }, other: 'kept' },
      );
      await repository.insertMany([{ id: 'c', first: 'Cid' }]);
      expect(await stored('c')).toEqual({ _schema: 3, first: 'Cid' });
      await repository.insert({ id: 'd', first: 'Dan' }, { ifAbsent: true });
      expect(await stored('d')).toEqual({ _schema: 3, first: 'Dan' });
      await write('e', { full: 'Eve' });
      await expect(repository.insert({ id: 'e', first: 'Eva' }, { ifAbsent: true })).rejects.toMatchObject({
        kind: 'exists',
      });
    });

    it('a record that is newer, or that no upgrade can help, is left out and refused', async () => {
      await write('a', { _schema: 4, first: 'Ann' });
      await write('b', { cents: 1 });
      await write('c', { _schema: 'three', first: 'Cid' });
      const problems: string[] = [];
      const entity = definePayer(prefix, mode);
      const source = await context.connect([entity], {
        onInvalidRecord: ({ slug, upgrade }) => problems.push(`${slug}: ${String(upgrade)}`),
      });
      const repository = source.getRepository(entity);
      const state = await context.stateOf(prefix);
      expect(await repository.find()).toEqual([]);
      expect(problems).toEqual([
        'a: it is of version 4, which a newer program wrote, and this class is of version 3',
        'b: its upgrade to version 2 threw: no full name',
        'c: its version (_schema) is "three", which is none',
      ]);
      await expect(repository.update('a', { last: 'x' })).rejects.toMatchObject({
        kind: 'invalid_record',
        message: expect.stringContaining('Payer "a" cannot be written: it is of version 4'),
      });
      expect(await context.stateOf(prefix)).toEqual(state);
      expect((await repository.delete('b')).affected).toBe(1);
    });

    it('what an upgrade made that does not fit the class is refused, and keeps its earlier form', async () => {
      @DustEntity({
        prefix,
        mode,
        version: 2,
        upgrade: { 2: ({ age, ...rest }: RawRecord) => ({ ...rest, age: age === '7' ? 7 : 'many' }) },
      })
      class Aged {
        @Slug() id!: string;
        @Field('string', { required: true }) town!: string;
        @Field('integer') age?: number | null;
        @Field('string') name?: string | null;
      }
      await write('malformed', { age: '1', town: 'Oslo' });
      await write('missing', { age: '7' });
      await write('sound', { age: '7', town: 'Oslo' });
      const repository = (await context.connect([Aged])).getRepository(Aged);
      const [malformed, missing] = [await stored('malformed'), await stored('missing')];
      await expect(repository.update('malformed', { name: 'Ann' })).rejects.toMatchObject({
        kind: 'invalid_record',
        message: expect.stringContaining(
          'its upgrade made a record that does not fit: age is malformed (expected',
        ),
      });
      await expect(repository.update('missing', { name: 'Bob' })).rejects.toMatchObject({
        kind: 'invalid_record',
        message: expect.stringContaining('its upgrade made a record that does not fit: town is missing'),
      });
      expect([await stored('malformed'), await stored('missing')]).toEqual([malformed, missing]);
      expect((await repository.update('sound', { name: 'Cid' })).affected).toBe(1);
      expect(await stored('sound')).toEqual({ _schema: 2, age: 7, town: 'Oslo', name: 'Cid' });
    });

    it('a class of version 1 already refuses what a newer one wrote', async () => {
      @DustEntity({ prefix, mode, version: 1 })
      class First {
        @Slug() id!: string;
        @Field('string') text?: string;
      }
      await write('a', { text: 'A' });
      await write('b', { _schema: 1, text: 'B' });
      await write('c', { _schema: 2, text: 'C' });
      const firsts = (await context.connect([First])).getRepository(First);
      expect((await firsts.find()).map(({ text }) => text)).toEqual(['A', 'B']);
      await firsts.insert({ id: 'd', text: 'D' });
      expect(await stored('d')).toEqual({ text: 'D' });
      await firsts.save(Object.assign(await firsts.findOneByOrFail({ id: 'a' }), { text: 'AA' }));
      expect(await stored('a')).toEqual({ text: 'AA' });
    });

    it('an entity with but some of its properties is saved into an older record', async () => {
      await write('a', { name: 'Old', note: 'n', info: { x: 1 } });
      await write('b', { name: 'Old', note: 'n' });
      const repository = await tasks();
      const [a, b] = await repository.find({ select: ['id', 'note'] });
      await repository.save(Object.assign(a!, { note: 'new' }));
      await repository.save(b!);
      expect(await stored('a')).toMatchObject({ title: 'Old', note: 'new', details: { x: 1 } });
      expect(await stored('b')).toMatchObject({ title: 'Old', note: 'n' });
      expect(await stored('b')).not.toHaveProperty('name');
    });

    it('an older entity that has not changed is saved in a batch', async () => {
      if (!context.capabilities.atomicBatch) return;
      await write('a', { full: 'Ann Archer' });
      const entity = definePayer(prefix, mode);
      const source = await context.connect([entity]);
      const payer = await source.getRepository(entity).findOneByOrFail({ id: 'a' });
      await source.manager.batch((batch) => {
        batch.save(payer);
        batch.insert(entity, { id: 'b', first: 'Bob' });
      });
      expect(await stored('a')).toEqual({ _schema: 3, first: 'Ann', last: 'Archer' });
      expect(await stored('b')).toEqual({ _schema: 3, first: 'Bob' });
    });

    it('ifMatch goes by the revision that was read', async () => {
      if (!context.capabilities.atomicBatch) return;
      await write('a', { full: 'Ann Archer', cents: 250 });
      const repository = await payers();
      const { revision } = (await other.get(at('a')))!;
      await repository.update('a', { last: 'Baker' }, { ifMatch: revision });
      expect(await stored('a')).toEqual({
        _schema: 3,
        first: 'Ann',
        last: 'Baker',
        amount: { value: 2.5, in: 'EUR' },
      });
      await expect(repository.update('a', { last: 'Cook' }, { ifMatch: revision })).rejects.toMatchObject({
        kind: 'conflict',
      });
    });

    it('a writer who comes in between has the record brought up to date again, and loses nothing', async () => {
      if (!context.capabilities.atomicBatch) return;
      await write('a', { full: 'Ann Archer', cents: 250 });
      await write('b', { full: 'Bob Baker' });
      let times = 0;
      const interfere = async (): Promise<void> => {
        times++;
        if (times < 3) await other.set(`${at('a')}/cents`, 100 * times);
      };
      const entity = definePayer(prefix, mode);
      const transport = (options: object): Transport =>
        interleave(context.transport(options as never), 'batchWrite', interfere);
      const slow = (await context.connect([entity], { transport })).getRepository(entity);
      await slow.update('a', { email: 'a@example.com' });
      expect(times).toBe(3);
      expect(await stored('a')).toMatchObject({
        _schema: 3,
        first: 'Ann',
        amount: { value: 2 },
        email: 'a@example.com',
      });
      await write('a', { full: 'Ann Archer', cents: 250 });
      times = 0;
      await slow.update(['a', 'b'], { email: null });
      expect(await stored('a')).toMatchObject({
        _schema: 3,
        first: 'Ann',
        amount: { value: 2 },
        email: null,
      });
      expect(await stored('b')).toMatchObject({ _schema: 3, first: 'Bob', email: null });
    });

    it('many older records are brought up to date by one call', async () => {
      if (!context.capabilities.atomicBatch) return;
      const count = 300;
      await other.batchWrite(
        Array.from({ length: count }, (_, i) => {
          return { op: 'set', path: at(`p${i}`), value: { full: `P${i} Q`, cents: i, mail: 'x' } };
        }),
      );
      const repository = await payers();
      const slugs = (await repository.find()).map(({ id }) => id);
      expect((await repository.update(slugs, { email: 'y' })).affected).toBe(count);
      expect(await stored('p7')).toEqual({
        _schema: 3,
        first: 'P7',
        last: 'Q',
        amount: { value: 0.07, in: 'EUR' },
        email: 'y',
      });
      expect(await repository.countBy({ email: 'y' })).toBe(count);
    });

    it('events and live lists have the records as they are read', async () => {
      if (!context.capabilities.realtime) return;
      const repository = await payers();
      const told = firstValueFrom(repository.events());
      await write('a', { full: 'Ann Archer' });
      expect(await told).toMatchObject({ entity: { first: 'Ann', last: 'Archer' } });
      const list = await firstValueFrom(repository.live({ where: { last: 'Archer' } }));
      expect(list).toMatchObject([{ id: 'a' }]);
    });
  });

  it('counters, sets and a batch find their older record upgraded', async () => {
    if (!context.capabilities.counters) return;
    @DustEntity({
      prefix,
      version: 2,
      upgrade: { 2: ({ label, ...rest }: RawRecord) => ({ ...rest, title: label }) },
    })
    class Page {
      @Slug() id!: string;
      @Field('string', { required: true }) title!: string;
      @CounterField({ from: ['hits'] }) views!: number;
      @SetField({ type: 'string', from: ['words'] }) tags!: string[];
      @VersionField() version!: number;
    }
    for (const slug of ['a', 'b', 'c']) await write(slug, { label: slug, hits: 5, words: ['x'] });
    const source: DataSource = await context.connect([Page]);
    const pages = source.getRepository(Page);
    await pages.increment('a', 'views', 2);
    expect(await stored('a')).toEqual({ _schema: 2, title: 'a', views: 7, tags: ['x'] });
    await pages.addTo('b', 'tags', 'y');
    expect(await stored('b')).toEqual({ _schema: 2, title: 'b', views: 5, tags: ['y', 'x'] });
    if (!context.capabilities.atomicBatch) return;
    await source.manager.batch((batch) => {
      batch.update(Page, 'c', { title: 'first' });
      batch.update(Page, 'c', { title: 'second' });
      batch.delete(Page, 'a');
      batch.insert(Page, { id: 'a', title: 'anew' });
    });
    expect(await stored('c')).toEqual({ _schema: 2, title: 'second', views: 5, tags: ['x'] });
    expect(await stored('a')).toEqual({ _schema: 2, title: 'anew' });
    await write('d', { label: 'd', hits: 1 });
    const page = await pages.findOneByOrFail({ id: 'd' });
    await pages.save(page);
    expect(page.version).toBe((await other.get(at('d')))?.revision);
    expect(await stored('d')).toEqual({ _schema: 2, title: 'd', views: 1 });
  });

  it('an index over what may lie elsewhere is not planned with, and the explanation says so', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, rank) => {
        const title = `t${rank % 4}`;
        return write(`i${rank}`, rank % 2 === 0 ? { name: title, rank } : { title, rank });
      }),
    );
    @DustEntity({ prefix })
    class Item {
      @Slug() id!: string;
      @Field('string', { from: ['name'] }) @Index() title?: string;
      @Field('integer') @Index() rank?: number;
    }
    const items = (await context.connect([Item])).getRepository(Item);
    expect(await items.countBy({ title: 't2' })).toBe(10);
    expect(await items.countBy({ title: Not(IsNull()) })).toBe(40);
    expect(await items.find({ order: { title: 'ASC', rank: 'DESC' }, take: 3 })).toMatchObject([
      { rank: 36 },
      { rank: 32 },
      { rank: 28 },
    ]);
    if (context.capabilities.realtime) {
      const wanted = { order: { title: 'ASC' }, take: 3 } as const;
      const ranks = (found: readonly { rank?: number }[]): unknown => found.map(({ rank }) => rank);
      const shown: unknown[] = [];
      const subscription = items.live(wanted).subscribe((found) => shown.push(ranks(found)));
      const [first] = await firstValueFrom(items.live(wanted));
      await items.delete(first!.id);
      const left = await items.find(wanted);
      await firstValueFrom(
        items.live(wanted).pipe(filter((found) => found.every(({ id }) => id !== first!.id))),
      );
      expect(shown.at(-1)).toEqual(ranks(left));
      subscription.unsubscribe();
      await items.insert({ id: first!.id, title: first!.title!, rank: first!.rank! });
    }
    const { path, passedOver } = await items.explain({ where: { title: 't2' } });
    expect(path).toBe('scan');
    expect(passedOver).toEqual(['title: title may lie under an earlier name (name)']);
    const ranked = await items.explain({ where: { rank: 7 } });
    expect(ranked.path).toBe(ranked.local ? 'index' : 'scan');
  });
});

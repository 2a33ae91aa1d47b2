import { firstValueFrom, map, ReplaySubject, skip, takeWhile, tap, toArray } from 'rxjs';
import type { BatchOperation, Repository, TransportFactory } from '../../../src/index.js';
import { DustEntity, Field, In, Slug, VersionField } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';
import { interleave } from '../rows/overlay.js';
import { commitsOf, operationsOf } from '../witness.js';

function defineOrder(prefix: string[], mode: StorageMode) {
  class Address {
    @Field() city!: string;
    @Field() street?: string;
  }
  @DustEntity({ prefix, mode })
  class Order {
    @Slug() slug!: string;
    @Field({ required: true }) state!: string;
    @Field({ type: 'string' }) note?: string;
    @Field({ default: 'normal' }) priority!: string;
    @Field({ type: () => Address }) address?: Address;
    @VersionField() version!: number;
  }
  return Order;
}

type Order = InstanceType<ReturnType<typeof defineOrder>>;

describeContract(
  'one write is one commit',
  (context) => {
    describe.each(MODES)('in %s mode', (mode) => {
      let prefix: string;
      let orders: Repository<Order>;

      beforeEach(async () => {
        const segments = context.uniquePrefix();
        prefix = segments.join('/');
        const entity = defineOrder(segments, mode);
        orders = (await context.connect([entity])).getRepository(entity);
        await orders.insert({ slug: 'a', state: 'new', note: 'n', address: { city: 'C', street: 'S' } });
      });

      const wholeRecord = (change: string): string[] =>
        mode === 'flat' ? [`set ${prefix}/a/${change}`] : [`set ${prefix}/a`];

      it('update at a revision writes what it changes and nothing else', async () => {
        const { version } = await orders.findOneByOrFail({ slug: 'a' });
        const commits = await commitsOf(context, prefix, () =>
          orders.update('a', { state: 'paid' }, { ifMatch: version }),
        );
        expect(commits.map(operationsOf)).toEqual([wholeRecord('state')]);
        const after = await orders.findOneByOrFail({ slug: 'a' });
        expect(after).toMatchObject({ state: 'paid', note: 'n', address: { city: 'C', street: 'S' } });
        expect(after.version).toBe(commits[0]?.last);
        expect(orders.revisionOf(after)).toBe(after.version);
      });

      it('save of a loaded entity with a version is the same, and gives it the next one', async () => {
        const loaded = await orders.findOneByOrFail({ slug: 'a' });
        loaded.state = 'paid';
        const commits = await commitsOf(context, prefix, () => orders.save(loaded));
        expect(commits.map(operationsOf)).toEqual([wholeRecord('state')]);
        expect(loaded.version).toBe(commits[0]?.last);
        loaded.state = 'sent';
        await orders.save(loaded);
        expect(await orders.findOneBy({ slug: 'a' })).toMatchObject({
          state: 'sent',
          version: loaded.version,
        });
      });

      it.each(['delete', 'remove'] as const)('%s at a revision is one operation', async (method) => {
        const loaded = await orders.findOneByOrFail({ slug: 'a' });
        const commits = await commitsOf(context, prefix, () =>
          method === 'delete' ? orders.delete('a', { ifMatch: loaded.version }) : orders.remove(loaded),
        );
        expect(commits.map(operationsOf)).toEqual([[`delete ${prefix}/a`]]);
      });

      it('insert where nothing is, upsert and insert are one commit each', async () => {
        const record = { state: 'new', address: { city: 'C' } };
        const inserts = await commitsOf(context, prefix, async () => {
          await orders.insert({ slug: 'b', ...record }, { ifAbsent: true });
          await orders.insert({ slug: 'c', ...record });
          await orders.upsert({ slug: 'a', ...record }, ['slug']);
        });
        expect(inserts).toHaveLength(3);
        expect(await orders.getMany(['b', 'c'])).toMatchObject([
          { ...record, priority: 'normal' },
          { ...record, priority: 'normal' },
        ]);
      });

      it('two of a record that is not there: one is inserted, the other hears of it', async () => {
        const attempts = await Promise.allSettled(
          ['one', 'two'].map((state) => orders.insert({ slug: 'b', state }, { ifAbsent: true })),
        );
        const lost = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []));
        const { version } = await orders.findOneByOrFail({ slug: 'b' });
        expect(lost).toEqual([
          expect.objectContaining({
            kind: 'exists',
            currentRevision: version,
            message: expect.stringContaining('Order "b" exists already'),
          }),
        ]);
      });

      /** The same repository, but before each of its batches goes out, `meanwhile` happens. */
      const interrupted = async (meanwhile: () => Promise<unknown>): Promise<Repository<Order>> => {
        const transport: TransportFactory = (options) =>
          interleave(context.transport(options), 'batchWrite', meanwhile);
        const entity = orders.target;
        return (await context.connect([entity], { transport })).getRepository(entity);
      };

      it('a field that another writer adds between the look and the write is a conflict', async () => {
        const other = await context.insider();
        const slow = await interrupted(() => other.set(`${prefix}/a/foreign`, 1));
        const { version } = await slow.findOneByOrFail({ slug: 'a' });
        const attempt = slow.update('a', { state: 'lost' }, { ifMatch: version });
        const refusal = await attempt.catch((error: unknown) => error);
        const now = await orders.findOneByOrFail({ slug: 'a' });
        expect(now.state).toBe('new');
        expect(refusal).toMatchObject({
          kind: 'conflict',
          currentRevision: now.version,
          path: `${prefix}/a`,
        });
      });

      if (mode === 'map') {
        it('a field that another writer removes between the look and the write stays removed', async () => {
          const other = await context.otherWriter();
          let removals = 0;
          const slow = await interrupted(async () => {
            if (removals++ === 0) await other.delete(`${prefix}/a/note`);
          });
          await slow.update('a', { state: 'paid' });
          expect((await other.get(`${prefix}/a`))?.value).toEqual({
            state: 'paid',
            priority: 'normal',
            address: { city: 'C', street: 'S' },
          });
        });
      }
    });
  },
  { needs: 'batchCheck' },
);

describeContract(
  'what others hear of one write',
  (context) => {
    /** The events and lists of another client while `work` is done. */
    const heardOf = async (
      entity: ReturnType<typeof defineOrder>,
      work: () => Promise<unknown>,
    ): Promise<{ events: string[]; lists: string[][] }> => {
      const theirs = (await context.connect([entity])).getRepository(entity);
      const stateOf = ({ slug, state, priority }: Order): string => `${slug} ${state} ${priority}`;
      const events = firstValueFrom(
        theirs.events().pipe(
          map((event) => (event.type === 'deleted' ? `${event.slug} is gone` : stateOf(event.entity))),
          takeWhile((event) => !event.startsWith('end ')),
          toArray(),
        ),
      );
      const begun = new ReplaySubject<undefined>(1);
      const lists = firstValueFrom(
        theirs.live().pipe(
          map((list) => list.map(stateOf)),
          tap(() => {
            begun.next(undefined);
          }),
          takeWhile((list) => !list.some((state) => state.startsWith('end '))),
          skip(1),
          toArray(),
        ),
      );
      await firstValueFrom(begun);
      await work();
      await theirs.insert({ slug: 'end', state: 'end' });
      return { events: await events, lists: await lists };
    };

    it('is one event and one list, with the record as the write left it', async () => {
      const entity = defineOrder(context.uniquePrefix(), 'flat');
      const dust = await context.connect([entity]);
      const orders = dust.getRepository(entity);
      await orders.insert([
        { slug: 'a', state: 'new', note: 'n' },
        { slug: 'b', state: 'new', note: 'n' },
      ]);
      const loaded = await orders.findOneByOrFail({ slug: 'a' });
      const update = await heardOf(entity, () =>
        orders.update('a', { state: 'paid', note: 'm' }, { ifMatch: loaded.version }),
      );
      expect(update).toEqual({
        events: ['a paid normal'],
        lists: [['a paid normal', 'b new normal']],
      });
      await orders.delete('end');

      const batch = await heardOf(entity, () =>
        dust.manager.batch((all) =>
          all.update(entity, 'a', { state: 'sent' }).update(entity, 'b', { state: 'sent', note: 'm' }),
        ),
      );
      expect(batch).toEqual({
        events: ['a sent normal', 'b sent normal'],
        lists: [['a sent normal', 'b sent normal']],
      });
      await orders.delete('end');

      const insert = await heardOf(entity, () =>
        orders.insert({ slug: 'c', state: 'new', address: { city: 'C' } }, { ifAbsent: true }),
      );
      expect(insert).toEqual({
        events: ['c new normal'],
        lists: [['a sent normal', 'b sent normal', 'c new normal']],
      });
    });
  },
  { needs: 'commits' },
);

describeContract(
  'what one call reads is of one moment',
  (context) => {
    /** More than a page holds. */
    const between = Array.from({ length: 1100 }, (_, i) => `m${i}`);
    const prefix = context.uniquePrefix();

    @DustEntity({ prefix })
    class Note {
      @Slug() id!: string;
      @Field({ required: true }) text!: string;
    }

    const pathOf = (id: string): string => `${prefix.join('/')}/${id}/text`;
    const write = (text: string): BatchOperation[] =>
      ['a', 'z'].map((id) => ({ op: 'set', path: pathOf(id), value: text }));

    beforeAll(async () => {
      const dust = await context.connect([Note]);
      await dust.getRepository(Note).insertMany(between.map((id) => ({ id, text: 'between' })));
    });

    const ends = (notes: readonly Note[]): string[] =>
      notes.flatMap(({ id, text }) => (id === 'a' || id === 'z' ? [text] : []));
    const everyId = ['a', ...between, 'z'];
    const where = { text: 'old' };
    type Read = (notes: Repository<Note>) => Promise<unknown>;
    const find: Read = async (notes) => ends(await notes.find());

    it.each<[call: string, read: Read]>([
      ['find', find],
      ['find in an order', async (notes) => ends(await notes.find({ order: { text: 'ASC' } }))],
      ['find with take', async (notes) => ends(await notes.find({ where, take: 2 }))],
      ['findBy', async (notes) => ends(await notes.findBy(where))],
      ['findBy slugs', async (notes) => ends(await notes.findBy({ id: In(everyId) }))],
      ['count', (notes) => notes.count({ where })],
      ['findAndCount', async (notes) => (await notes.findAndCount({ where }))[1]],
      ['getMany', async (notes) => ends(await notes.getMany(everyId))],
    ])('%s, whenever it is called', async (_, read) => {
      const dust = await context.connect([Note]);
      const notes = dust.getRepository(Note);
      await dust.transport.batchWrite(write('old'));
      const before = await read(notes);
      const meanwhile: Promise<unknown>[] = [read(notes)];
      const written = dust.transport.batchWrite(write('new'));
      for (let turn = 0; turn < 20; turn++) {
        meanwhile.push(read(notes));
        await Promise.resolve();
      }
      await written;
      const after = await read(notes);
      expect(after).not.toEqual(before);
      for (const seen of await Promise.all(meanwhile)) expect([before, after]).toContainEqual(seen);
    });
  },
  { needs: 'localReads' },
);

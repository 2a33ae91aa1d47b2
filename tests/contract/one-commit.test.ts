import type { Repository, TransportFactory } from '../../src/index.js';
import { DustEntity, Field, Slug, VersionField } from '../../src/index.js';
import type { StorageMode } from '../../src/metadata/types.js';
import { describeContract } from './describe-contract.js';
import { MODES } from './entities.js';
import { interleave } from './overlay.js';
import { commitsOf, operationsOf } from './witness.js';

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
          const other = await context.insider();
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

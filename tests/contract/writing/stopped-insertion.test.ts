import type { EntitySubscriberInterface } from '../../../src/index.js';
import { AfterInsert, BeforeInsert, DustEntity, Field, Slug } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';

function defineStep(prefix: string[]) {
  @DustEntity({ prefix })
  class Step {
    @Slug() slug!: string;
    @Field('string') does?: string | null;

    @BeforeInsert()
    before(): void {
      if (this.does === 'throws before') throw new RangeError(this.slug);
    }

    @AfterInsert()
    async after(): Promise<void> {
      await Promise.resolve();
      if (this.does === 'throws after') throw new RangeError(this.slug);
    }
  }
  return Step;
}

type Step = InstanceType<ReturnType<typeof defineStep>>;

const steps = (does: Readonly<Record<number, string>> = {}): Partial<Step>[] =>
  Array.from({ length: 6 }, (_, i) => ({ slug: `s${i}`, does: does[i] ?? null }));

describeContract('insertMany that code of the program stops', (context) => {
  const repository = async (subscriber?: EntitySubscriberInterface<Step>) => {
    const Step = defineStep(context.uniquePrefix());
    const subscribers = subscriber === undefined ? [] : [subscriber];
    return (await context.connect([Step], { subscribers })).getRepository(Step);
  };
  const stopped = { name: 'BulkInsertError', kind: 'aborted', detail: 'thrown', unsettled: 0 };
  const throwing = (slug: string) => (event: { readonly entityId: string | undefined }) => {
    if (event.entityId === slug) throw new RangeError(slug);
  };

  it.each([
    ['a hook before', 4, { 4: 'throws before' }, undefined],
    ['a subscriber before', 3, {}, { beforeInsert: throwing('s3') }],
  ] as const)(
    '%s the insert: says which record, and what landed before',
    async (_, index, does, subscriber) => {
      const repo = await repository(subscriber);
      const landed = index - (index % 2);
      await expect(repo.insertMany(steps(does), { chunkSize: 2 })).rejects.toMatchObject({
        ...stopped,
        index,
        slug: `s${index}`,
        landed,
        cause: new RangeError(`s${index}`),
        message: `Step: insertMany stopped at record ${index} (slug "s${index}") with ${landed} records written: s${index}`,
      });
      expect(await repo.count()).toBe(landed);
    },
  );

  it.each([
    ['a hook after', 1, { 1: 'throws after', 2: 'throws after' }, undefined],
    ['a subscriber after', 2, {}, { afterInsert: throwing('s2') }],
  ] as const)('%s the insert: its record has landed, and its chunk', async (_, index, does, subscriber) => {
    const repo = await repository(subscriber);
    const landed = index - (index % 2) + 2;
    await expect(repo.insertMany(steps(does), { chunkSize: 2 })).rejects.toMatchObject({
      ...stopped,
      index,
      slug: `s${index}`,
      landed,
      cause: new RangeError(`s${index}`),
    });
    expect(await repo.count()).toBe(landed);
  });

  it('the source of the records, or onProgress: says which record would have been next', async () => {
    const repo = await repository();
    const end = new RangeError('end of the tape');
    const sources = [
      function* (): Generator<Partial<Step>> {
        yield* steps().slice(0, 5);
        throw end;
      },
      async function* (): AsyncGenerator<Partial<Step>> {
        await Promise.resolve();
        yield* steps().slice(0, 5);
        throw end;
      },
    ];
    for (const source of sources) {
      await expect(repo.insertMany(source(), { chunkSize: 2 })).rejects.toMatchObject({
        ...stopped,
        index: 5,
        slug: undefined,
        landed: 4,
        cause: end,
      });
      expect(await repo.count()).toBe(4);
      await repo.clear();
    }
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done === 4) throw end;
    };
    const at = { index: 4, slug: undefined, landed: 4, cause: end };
    await expect(repo.insertMany(steps(), { chunkSize: 2, onProgress })).rejects.toMatchObject({
      ...stopped,
      ...at,
    });
    expect(await repo.count()).toBe(4);
  });

  it('a hook that throws what this package throws: has its kind', async () => {
    const repo: Awaited<ReturnType<typeof repository>> = await repository({
      beforeInsert: ({ entityId }) =>
        entityId === 's2' ? repo.findOneByOrFail({ slug: 'nobody' }) : undefined,
    });
    await expect(repo.insertMany(steps(), { chunkSize: 2 })).rejects.toMatchObject({
      name: 'BulkInsertError',
      kind: 'not_found',
      index: 2,
      landed: 2,
      cause: { name: 'EntityNotFoundError' },
    });
  });
});

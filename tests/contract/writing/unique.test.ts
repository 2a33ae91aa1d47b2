import type { Repository } from '../../../src/index.js';
import { DustEntity, DustError, Field, Slug, Unique } from '../../../src/index.js';
import type { TestClock } from '../../../src/testing/index.js';
import { describeContract } from '../describe-contract.js';

/** A class whose records lie below `prefix`, flat. */
function accounts(prefix: string[]) {
  class Address {
    @Field() street?: string;
    @Field() @Unique() box?: string;
  }
  @DustEntity({ prefix })
  @Unique(['tenant', 'name'])
  class Account {
    @Slug() id!: string;
    /** What an insert with `ifAbsent` claims where batches know no such thing. */
    @Field('string', { required: true }) kind = 'person';
    @Field() tenant?: string;
    @Field() name?: string;
    @Field('string') @Unique() email?: string | null;
    @Field() @Unique() number?: number;
    @Field() note?: string;
    @Field(() => Address) address?: Address;
  }
  return Account;
}

/** The same in one map. */
function badges(prefix: string[]) {
  @DustEntity({ prefix, mode: 'map' })
  class Badge {
    @Slug() id!: string;
    @Field({ name: 'badge_code', type: 'string' }) @Unique() code?: string | null;
    @Field() note?: string;
  }
  return Badge;
}

type Account = InstanceType<ReturnType<typeof accounts>>;

/** The error of a value that `slug` has. */
function duplicate(
  paths: readonly string[],
  values: readonly unknown[],
  slug: string,
  properties = paths.map((path) => path.replaceAll('/', '.')),
) {
  return { kind: 'exists', detail: 'duplicate', duplicate: { paths, values, slug, properties } };
}

/** Time goes on until all of it is settled: clients of a server that keeps nothing unique wait for each other. */
async function whileTimePasses<T>(
  clock: TestClock,
  work: readonly Promise<T>[],
): Promise<PromiseSettledResult<T>[]> {
  const all = Promise.allSettled(work);
  let isSettled = false;
  void all.then(() => {
    isSettled = true;
  });
  while (!isSettled) await clock.advance(5);
  return all;
}

async function errorOf(work: Promise<unknown>): Promise<DustError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DustError) return error;
  throw new Error('nothing was refused');
}

describeContract('what is unique', (context) => {
  const repository = async (
    prefix = context.uniquePrefix(),
  ): Promise<{ readonly repo: Repository<Account>; readonly at: string }> => {
    const Account = accounts(prefix);
    const dataSource = await context.connect([Account]);
    return { repo: dataSource.getRepository(Account), at: prefix.join('/') };
  };

  it('is refused in the same words by every way to a store', async () => {
    const { repo, at } = await repository();
    await repo.insert({ id: 'a', email: 'Ada@example.org', tenant: 'acme', name: 'ada' });
    const error = await errorOf(repo.insert({ id: 'b', email: 'Ada@example.org' }));
    expect(error).toMatchObject(duplicate(['email'], ['Ada@example.org'], 'a'));
    expect(error.message).toBe(
      `"${at}/b": another record, "${at}/a", has the same email "Ada@example.org", of which there may be one only. ` +
        'It was not written: choose another value, or change that record first.',
    );
    expect(error.path).toBe(`${at}/b`);
    expect(error.opIndex).toBeUndefined();
    expect(await repo.count()).toBe(1);
    await expect(repo.insert({ id: 'b', tenant: 'acme', name: 'ada' })).rejects.toMatchObject(
      duplicate(['tenant', 'name'], ['acme', 'ada'], 'a'),
    );
  });

  it('is had by one of fifty who want it at once', async () => {
    const { repo } = await repository();
    const outcomes = await whileTimePasses(
      context.clock,
      Array.from({ length: 50 }, (_, i) => repo.insert({ id: `r${i}`, email: 'one@example.org' })),
    );
    await expectOneWinner(outcomes, repo);
  });

  it('is had by one of many clients who want it at once', async () => {
    const prefix = context.uniquePrefix();
    const repos: Repository<Account>[] = [];
    for (let i = 0; i < 5; i++) repos.push((await repository(prefix)).repo);
    const outcomes = await whileTimePasses(
      context.clock,
      repos.flatMap((repo, client) =>
        Array.from({ length: 10 }, (_, i) =>
          repo.insert({ id: `r${client}-${i}`, email: 'one@example.org' }),
        ),
      ),
    );
    await expectOneWinner(outcomes, repos[0]);
  });

  async function expectOneWinner(
    outcomes: readonly PromiseSettledResult<unknown>[],
    repo: Repository<Account> | undefined,
  ): Promise<void> {
    const there = (await repo?.find()) ?? [];
    expect(there).toHaveLength(1);
    const losers = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(losers).toHaveLength(49);
    for (const loser of losers) {
      expect(loser).toMatchObject(duplicate(['email'], ['one@example.org'], there[0]?.id ?? ''));
    }
  }

  it('is free again when it is changed, made null, deleted, removed or cleared', async () => {
    const { repo } = await repository();
    const insert = (id: string) => repo.insert({ id, email: 'x@example.org' });
    await insert('a');
    await repo.update('a', { email: 'y@example.org' });
    await insert('b');
    await repo.update('b', { email: null });
    await insert('c');
    await repo.delete('c');
    await insert('d');
    await repo.remove(await repo.findOneByOrFail({ id: 'd' }));
    await insert('e');
    await expect(insert('f')).rejects.toMatchObject(duplicate(['email'], ['x@example.org'], 'e'));
    await repo.clear();
    await insert('g');
    expect((await repo.find()).map(({ id }) => id)).toEqual(['g']);
  });

  it('is not null, not absent, and not half of several', async () => {
    const { repo } = await repository();
    await repo.insert([
      { id: 'a', email: null, tenant: 'acme' },
      { id: 'b', email: null, tenant: 'acme' },
      { id: 'c', tenant: 'acme', name: 'x' },
      { id: 'd', tenant: 'other', name: 'x' },
    ]);
    await expect(repo.update('d', { tenant: 'acme' })).rejects.toMatchObject(
      duplicate(['tenant', 'name'], ['acme', 'x'], 'c'),
    );
    await repo.update('c', { name: 'y' });
    await repo.update('d', { tenant: 'acme' });
  });

  it('is by value and case', async () => {
    const { repo } = await repository();
    await repo.insert([
      { id: 'a', email: 'x', number: 1 },
      { id: 'b', email: 'X', number: 2 },
      { id: 'c', email: '1', number: -0.5 },
      { id: 'd', email: 'long '.repeat(100) },
      { id: 'e', email: `${'long '.repeat(100)}!` },
      { id: 'f', email: 'ünï/~\u0000code' },
    ]);
    await repo.delete('b');
    await expect(repo.insert({ id: 'g', email: 'x' })).rejects.toMatchObject(
      duplicate(['email'], ['x'], 'a'),
    );
    await expect(repo.insert({ id: 'g', number: 1 })).rejects.toMatchObject(duplicate(['number'], [1], 'a'));
    await expect(repo.insert({ id: 'g', email: 'ünï/~\u0000code' })).rejects.toMatchObject({
      kind: 'exists',
    });
    await expect(repo.insert({ id: 'g', email: 'long '.repeat(100) })).rejects.toMatchObject({
      duplicate: { slug: 'd' },
    });
    await repo.insert({ id: 'g', email: 'X', number: 2 });
  });

  it('is looked at in every kind of write', async () => {
    const { repo } = await repository();
    await repo.insert({ id: 'a', email: 'x', address: { box: '7', street: 's' } });
    await repo.insert({ id: 'b', note: 'n' });
    const taken = duplicate(['email'], ['x'], 'a');
    await expect(repo.update('b', { email: 'x' })).rejects.toMatchObject(taken);
    await expect(repo.update('b', { email: 'x', note: 'm' })).rejects.toMatchObject(taken);
    await expect(repo.upsert({ id: 'c', email: 'x' })).rejects.toMatchObject(taken);
    const claimed = await errorOf(repo.insert({ id: 'c', email: 'x' }, { ifAbsent: true }));
    expect(claimed).toMatchObject(taken);
    expect(claimed.message).toMatch(/^"[^"]*\/c": another record, "[^"]*\/a", has the same email "x"/);
    const loaded = await repo.findOneByOrFail({ id: 'b' });
    loaded.email = 'x';
    await expect(repo.save(loaded)).rejects.toMatchObject(taken);
    await expect(repo.update('b', { address: { box: '7' } })).rejects.toMatchObject(
      duplicate(['address/box'], ['7'], 'a'),
    );
    await repo.update('a', { email: 'x', note: 'the same again' });
    await repo.upsert({ id: 'a', email: 'x' });
    expect(await repo.findOneBy({ id: 'b' })).toMatchObject({ note: 'n' });
    expect(await repo.count()).toBe(2);
  });

  it('is looked at in lists and batches as a whole', async () => {
    const prefix = context.uniquePrefix();
    const Account = accounts(prefix);
    const dataSource = await context.connect([Account]);
    const repo = dataSource.getRepository(Account);
    const same = [
      { id: 'a', email: 'x' },
      { id: 'b', email: 'y' },
      { id: 'c', email: 'x' },
    ];
    const list = await errorOf(repo.insert(same));
    expect(list).toMatchObject({ ...duplicate(['email'], ['x'], 'a'), opIndex: 2 });
    const many = await errorOf(repo.insertMany(same));
    expect(many).toMatchObject({ ...duplicate(['email'], ['x'], 'a'), index: 2, slug: 'c', landed: 0 });
    const batch = errorOf(
      dataSource.manager.batch((tx) => {
        tx.insert(Account, { id: 'p', email: 'z' });
        tx.insert(Account, { id: 'q', email: 'z' });
      }),
    );
    expect(await batch).toMatchObject({ ...duplicate(['email'], ['z'], 'p'), opIndex: 1 });
    expect(await repo.count()).toBe(0);
    await repo.insert(same.slice(0, 2));
    // Values that change hands in one commit.
    await dataSource.manager.batch((tx) => {
      tx.update(Account, 'a', { email: 'y' });
      tx.update(Account, 'b', { email: 'x' });
    });
    await expect(repo.insert({ id: 'd', email: 'x' })).rejects.toMatchObject(
      duplicate(['email'], ['x'], 'b'),
    );
    await dataSource.manager.batch((tx) => {
      tx.delete(Account, 'b');
      tx.insert(Account, { id: 'd', email: 'x' });
    });
    await expect(repo.insert({ id: 'e', email: 'x' })).rejects.toMatchObject(
      duplicate(['email'], ['x'], 'd'),
    );
  });

  it('is kept of records that are one map', async () => {
    const Badge = badges(context.uniquePrefix());
    const repo = (await context.connect([Badge])).getRepository(Badge);
    await repo.insert({ id: 'a', code: 'x' });
    const taken = duplicate(['badge_code'], ['x'], 'a', ['code']);
    await expect(repo.insert({ id: 'b', code: 'x' })).rejects.toMatchObject(taken);
    await repo.insert({ id: 'b', code: 'y', note: 'n' });
    await expect(repo.update('b', { code: 'x' })).rejects.toMatchObject(taken);
    await repo.update('a', { code: null });
    await repo.update('b', { code: 'x' });
    await repo.insert({ id: 'c', code: 'y' });
    expect(await repo.find({ order: { id: 'ASC' } })).toMatchObject([
      { id: 'a', code: null },
      { id: 'b', code: 'x', note: 'n' },
      { id: 'c', code: 'y' },
    ]);
  });

  it('is given back by a write that is refused', async () => {
    const { repo } = await repository();
    await repo.insert({ id: 'a', note: 'there' });
    await expect(repo.insert({ id: 'a', email: 'x' }, { ifAbsent: true })).rejects.toMatchObject({
      kind: 'exists',
      path: expect.stringMatching(/a$/),
    });
    await repo.insert({ id: 'b', email: 'x' });
    await expect(repo.update('a', { email: 'y' }, { ifMatch: 1_000_000 })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await repo.insert({ id: 'c', email: 'y' });
  });

  it('is asked of the records that are there, which keeps initialize() from passing over one', async () => {
    const prefix = context.uniquePrefix();
    const at = prefix.join('/');
    const writer = await context.otherWriter();
    await writer.set(`${at}/a`, { email: 'x' });
    await writer.set(`${at}/b`, { email: 'x' });
    const refused = await errorOf(context.connect([accounts(prefix)]));
    expect(refused).toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
      duplicate: { paths: ['email'], values: ['x'], slug: 'a' },
    });
    expect(refused.message).toContain(
      `The indexes of Account cannot be used: "${at}/b": another record, "${at}/a", has the same email "x"`,
    );
    await writer.set(`${at}/b/email`, 'y');
    const { repo } = await repository(prefix);
    await expect(repo.insert({ id: 'c', email: 'y' })).rejects.toMatchObject(
      duplicate(['email'], ['y'], 'b'),
    );
  });

  it('is not lost with a client that stopped before its record was written', async () => {
    const prefix = context.uniquePrefix();
    const { repo } = await repository(prefix);
    const claims = ['_dust:unique', ...prefix, 'email'].join('/');
    const writer = await context.otherWriter();
    await writer.set(`${claims}/=x`, 'gone');
    const [outcome] = await whileTimePasses(context.clock, [repo.insert({ id: 'a', email: 'x' })]);
    expect(outcome?.status).toBe('fulfilled');
    await expect(repo.insert({ id: 'b', email: 'x' })).rejects.toMatchObject(
      duplicate(['email'], ['x'], 'a'),
    );
    await writer.delete(claims);
  });

  it('shows in no read of the class', async () => {
    const { repo } = await repository();
    await repo.insert({ id: 'a', email: 'x' });
    expect((await repo.find()).map(({ id }) => id)).toEqual(['a']);
    expect(await repo.count()).toBe(1);
  });
});

import type { LogFields, Repository } from '../../../src/index.js';
import { DustEntity, Field, Index, MoreThan, silentLogger, Slug } from '../../../src/index.js';
import type { TestDataSourceOptions } from '../../../src/testing/index.js';
import { TestClock, TestDataSource } from '../../../src/testing/index.js';

@DustEntity('links')
class Link {
  @Slug() slug!: string;
  @Field() title?: string;
}

@DustEntity('dated')
class Dated {
  @Slug() slug!: string;
  @Field() title?: string;
  @Index() @Field('integer') rank?: number;
}

const warnings: [string, LogFields | undefined][] = [];
const opened: TestDataSource[] = [];

afterEach(async () => {
  warnings.length = 0;
  for (const dust of opened.splice(0)) await dust.destroy();
});

async function open(options: Partial<TestDataSourceOptions>): Promise<TestDataSource> {
  const warn = (message: string, fields?: LogFields): void => void warnings.push([message, fields]);
  const dust = new TestDataSource({
    entities: [Link],
    name: 'reading',
    store: 'acme/reading',
    logger: { ...silentLogger, warn },
    ...options,
  });
  opened.push(dust);
  await dust.initialize();
  return dust;
}

/** A clock that moves on by so many milliseconds each time it is looked at. */
class RunningClock extends TestClock {
  constructor(readonly step: number) {
    super();
  }

  looks = 0;

  override now(): number {
    return super.now() + this.step * this.looks++;
  }
}

describe('slowOperationThreshold', () => {
  it('warns of an operation that takes longer: which, how long, how many records, and no value', async () => {
    const dust = await open({ slowOperationThreshold: 500, clock: new RunningClock(501) });
    const links = dust.getRepository(Link);
    await links.insert([
      { slug: 'secret-a', title: 'x' },
      { slug: 'secret-b', title: 'secret' },
    ]);
    warnings.length = 0;
    await links.findBy({ title: 'secret' });
    expect(warnings).toEqual([
      [
        'find Link took 501 ms (1 record), more than the 500 ms of slowOperationThreshold: ' +
          'scan, 2 records looked at',
        {
          operation: 'find',
          entity: 'Link',
          store: 'acme/reading',
          dataSource: 'reading',
          duration: 501,
          records: 1,
          path: 'scan',
          index: undefined,
          examined: 2,
        },
      ],
    ]);
  });

  it.each<[string, (links: Repository<Dated>) => Promise<unknown>]>([
    ['slugs, 1 record looked at', (links) => links.findOneBy({ slug: 'b' })],
    ['slug range, 2 records looked at', (links) => links.findBy({ slug: MoreThan('a') })],
    ['index rank, 1 record looked at', (links) => links.findBy({ rank: 2 })],
    ['index rank, 2 records looked at', (links) => links.findPage({ order: { rank: 'DESC' }, take: 1 })],
    ['index rank, 0 records looked at', (links) => links.countBy({ rank: MoreThan(1) })],
    ['index rank, 0 records looked at', (links) => links.existsBy({ rank: 9 })],
    ['scan, 3 records looked at', (links) => links.findAndCount({ where: { title: 'A' } })],
    ['index rank, 1 record looked at', (links) => links.maximum('rank')],
    ['scan, 3 records looked at', (links) => links.sum('rank')],
  ])('says how records were looked for: %s', async (read, run) => {
    const dust = await open({
      entities: [Dated],
      slowOperationThreshold: 0,
      clock: new RunningClock(7),
    });
    const links = dust.getRepository(Dated);
    await links.insert(['a', 'b', 'c'].map((slug, rank) => ({ slug, title: 'A', rank: rank + 1 })));
    warnings.length = 0;
    await run(links);
    expect(warnings.map(([text]) => text.split('slowOperationThreshold: ')[1])).toEqual([read]);
  });

  it('counts operations of a batch, and says less where less is known', async () => {
    const dust = await open({ slowOperationThreshold: 0, clock: new RunningClock(7) });
    await dust.manager.batch((batch) =>
      batch.insert(Link, [
        { slug: 'a', title: 'A' },
        { slug: 'b', title: 'B' },
      ]),
    );
    await dust.getRepository(Link).clear();
    const texts = warnings.map(([text]) => text.replace(/\d+ ms/g, 'n ms'));
    expect(texts).toEqual([
      'batch took n ms (2 operations), more than the n ms of slowOperationThreshold',
      'clear Link took n ms, more than the n ms of slowOperationThreshold',
    ]);
  });

  it('warns of one that failed slowly, with how many records it was given', async () => {
    const dust = await open({ slowOperationThreshold: 10, clock: new RunningClock(20) });
    dust.failNext('network');
    const failing = dust.getRepository(Link).insert([
      { slug: 'a', title: 'A' },
      { slug: 'b', title: 'B' },
    ]);
    await expect(failing).rejects.toMatchObject({ kind: 'network' });
    expect(warnings.map(([text]) => text.replace(/\d+ ms/g, 'n ms'))).toEqual([
      'insert Link failed after n ms (2 records), more than the n ms of slowOperationThreshold',
    ]);
  });

  it('leaves those alone that take no longer than that', async () => {
    const dust = await open({ slowOperationThreshold: 500, clock: new RunningClock(500) });
    await dust.getRepository(Link).find();
    expect(warnings).toEqual([]);
  });

  it('leaves those alone whose time is that of their caller', async () => {
    const dust = await open({ slowOperationThreshold: 0, clock: new RunningClock(1000) });
    const links = dust.getRepository(Link);
    await links.insertMany([{ slug: 'a', title: 'A' }]);
    for await (const link of links.stream()) expect(link.slug).toBe('a');
    await dust.manager.singleFlight('flights/a', () => 1);
    expect(warnings).toEqual([]);
  });

  it('is off by default', async () => {
    const clock = new RunningClock(1e9);
    const dust = await open({ clock });
    const before = clock.looks;
    await dust.getRepository(Link).find();
    expect(warnings).toEqual([]);
    // Nothing is measured that nobody asked for.
    expect(clock.looks).toBe(before);
  });

  it('is silent when logging is', async () => {
    const dust = await open({ slowOperationThreshold: 0, logging: 'error', clock: new RunningClock(1000) });
    await dust.getRepository(Link).find();
    expect(warnings).toEqual([]);
  });
});

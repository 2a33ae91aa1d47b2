import { AfterLoad, DataSource, DustEntity, Field, Slug } from '../../../src/index.js';
import { settled } from './support/recording-logger.js';

/** Those who load a record now, and what lets them go on. */
const loads: (() => void)[] = [];

@DustEntity('slow')
class Slow {
  @Slug() id!: string;
  @Field('string') title?: string;
  shown?: string;

  @AfterLoad()
  async load(): Promise<void> {
    await new Promise<void>((resolve) => {
      loads.push(resolve);
    });
    if (this.title === 'bad') throw new Error('mine');
    this.shown = `${this.title}!`;
  }
}

let dataSource: DataSource;

beforeEach(async () => {
  loads.length = 0;
  dataSource = await new DataSource({ entities: [Slow], logging: false }).initialize();
});
afterEach(() => dataSource.destroy());

async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await settled();
}

async function loaded(): Promise<void> {
  for (const goOn of loads.splice(0)) goOn();
  await quiet();
}

describe('a live list whose records take their time to load', () => {
  it('is shown when they are loaded, each time, in the order of the commits, and at once when none is to be', async () => {
    await dataSource.transport.set('slow/a', { title: 'A' });
    const seen: (string | undefined)[][] = [];
    const list$ = dataSource.getRepository(Slow).live();
    const subscription = list$.subscribe((list) => seen.push(list.map(({ shown }) => shown)));
    await quiet();
    expect([seen, loads.length]).toEqual([[], 1]);
    await loaded();
    expect(seen.splice(0)).toEqual([['A!']]);
    await dataSource.transport.set('slow/b', { title: 'B' });
    await quiet();
    await dataSource.transport.delete('slow/a');
    await quiet();
    expect([seen, loads.length]).toEqual([[], 1]);
    await loaded();
    expect(seen).toEqual([['A!', 'B!'], ['B!']]);
    await dataSource.transport.delete('slow/b');
    expect(seen.at(-1)).toEqual([]);
    subscription.unsubscribe();
  });

  it('waits for all that came before, one load after the other, and is told of at once when no load is left', async () => {
    const repository = dataSource.getRepository(Slow);
    const seen: (string | undefined)[][] = [];
    const subscription = repository.live().subscribe((list) => seen.push(list.map(({ shown }) => shown)));
    await quiet();
    seen.length = 0;
    for (const slug of ['a', 'b']) await dataSource.transport.set(`slow/${slug}`, { title: slug });
    await quiet();
    expect([seen, loads.length]).toEqual([[], 2]);
    loads.shift()?.();
    await quiet();
    await dataSource.transport.delete('slow/a');
    await quiet();
    expect(seen).toEqual([['a!']]);
    await loaded();
    expect(seen.splice(0)).toEqual([['a!'], ['a!', 'b!'], ['b!']]);
    // Whoever is told of the same commit after the list finds it shown.
    const found: number[] = [];
    subscription.add(dataSource.transport.watchRecords('slow').subscribe(() => found.push(seen.length)));
    await dataSource.transport.delete('slow/b');
    expect([found, seen]).toEqual([[1], [[]]]);
    subscription.unsubscribe();
  });

  it('ends in what a load failed with, for all who see it', async () => {
    await dataSource.transport.set('slow/a', { title: 'bad' });
    const list$ = dataSource.getRepository(Slow).live();
    const [shown, failed] = [jest.fn(), jest.fn()];
    for (let i = 0; i < 2; i++) list$.subscribe({ next: shown, error: failed });
    await quiet();
    await loaded();
    expect(shown).not.toHaveBeenCalled();
    expect(failed.mock.calls).toEqual([[new Error('mine')], [new Error('mine')]]);
  });

  it('is shown as an array of its own to each', async () => {
    await dataSource.transport.set('slow/a', { title: 'A' });
    const list$ = dataSource.getRepository(Slow).live();
    const seen: Slow[][] = [];
    const subscriptions = [0, 1].map(() => list$.subscribe((list) => seen.push(list)));
    await quiet();
    await loaded();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).not.toBe(seen[1]);
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('is shown to those alone who are still there', async () => {
    await dataSource.transport.set('slow/a', { title: 'A' });
    const list$ = dataSource.getRepository(Slow).live();
    const [first, second] = [jest.fn(), jest.fn()];
    const subscriptions = [list$.subscribe(first), list$.subscribe(second)];
    await quiet();
    subscriptions[0]?.unsubscribe();
    await loaded();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    subscriptions[1]?.unsubscribe();
  });
});

it('an event is told of when its record is loaded, and those behind it after that', async () => {
  const seen: string[] = [];
  const subscription = dataSource
    .getRepository(Slow)
    .events()
    .subscribe((event) => {
      seen.push(event.type === 'upserted' ? `upserted ${event.entity.shown}` : `deleted ${event.slug}`);
    });
  await dataSource.transport.set('slow/a', { title: 'A' });
  await dataSource.transport.delete('slow/a');
  await quiet();
  expect([seen, loads.length]).toEqual([[], 1]);
  await loaded();
  expect(seen).toEqual(['upserted A!', 'deleted a']);
  subscription.unsubscribe();
});

import type { DataSourceOptions } from '../../../../src/index.js';
import { AfterLoad, DataSource, DustEntity, Field, Ref, silentLogger, Slug } from '../../../../src/index.js';
import { settled } from '../../realtime/support/recording-logger.js';

@DustEntity('makers')
class Maker {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
}

@DustEntity('cars')
class Car {
  @Slug() id!: string;
  @Ref(() => Maker) makerId?: string | null;
  maker?: Maker | null;
  @Ref(() => [Maker]) partnerIds?: string[] | null;
  partners?: Maker[];
  @Field('string') note?: string | null;
}

/** The loads of cars that are under way, by the order in which they began; each ends when it is told to. */
let loads: Load[] | undefined;

interface Load {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

@DustEntity('cars')
class SlowCar {
  @Slug() id!: string;
  @Ref(() => Maker) makerId?: string | null;
  maker?: Maker | null;

  @AfterLoad()
  async load(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      if (loads === undefined) resolve();
      else loads.push({ resolve, reject });
    });
  }
}

async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await settled();
}

const open: DataSource[] = [];

async function connect(entities: DataSourceOptions['entities'], options: Partial<DataSourceOptions> = {}) {
  const dataSource = new DataSource({ entities, logger: silentLogger, ...options });
  open.push(await dataSource.initialize());
  await dataSource.manager.insert(
    Maker,
    ['x', 'y', 'z'].map((id) => ({ id, name: id })),
  );
  return dataSource;
}

afterEach(async () => {
  loads = undefined;
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

describe('lists of targets', () => {
  const following = async () => {
    const { manager } = await connect([Maker, Car]);
    await manager.insert(Car, [
      { id: 'a', partnerIds: ['x', 'y'] },
      { id: 'b', makerId: 'x', partnerIds: ['y'] },
    ]);
    const seen: (readonly Car[])[] = [];
    const names = () => seen.at(-1)?.map(({ partners }) => partners?.map(({ name }) => name).join(''));
    manager
      .getRepository(Car)
      .live({ populate: ['maker', 'partners'] })
      .subscribe((list) => seen.push(list));
    await quiet();
    return { manager, seen, names };
  };

  it('are shown anew when one of them is changed, comes or goes, by another instance', async () => {
    const { manager, seen, names } = await following();
    expect(names()).toEqual(['xy', 'y']);
    await manager.update(Maker, 'y', { name: 'Y' });
    await quiet();
    expect(names()).toEqual(['xY', 'Y']);
    await manager.delete(Maker, 'y');
    await quiet();
    expect(names()).toEqual(['x', '']);
    await manager.insert(Maker, { id: 'y', name: 'y' });
    await quiet();
    expect(names()).toEqual(['xy', 'y']);
    await manager.delete(Maker, 'x');
    await quiet();
    expect(names()).toEqual(['y', 'y']);
    expect(new Set(seen.map(([a]) => a)).size).toBe(5);
    expect(seen.map(([a]) => a?.partners?.length)).toEqual([2, 2, 1, 2, 1]);
  });

  it('stay the same instances where other records change, and so does who shows them', async () => {
    const { manager, seen } = await following();
    await manager.update(Car, 'b', { note: 'n' });
    await quiet();
    await manager.update(Maker, 'z', { name: 'Z' });
    await quiet();
    expect(seen).toHaveLength(2);
    expect(seen[1]?.[0]).toBe(seen[0]?.[0]);
    expect(seen[1]?.[1]?.maker).toBe(seen[0]?.[1]?.maker);
    expect(seen[1]?.[1]).toMatchObject({ note: 'n', maker: { name: 'x' } });
  });
});

it('an instance that is made anew has the properties alone that are selected', async () => {
  const { manager } = await connect([Maker, Car]);
  await manager.insert(Car, { id: 'a', makerId: 'x', note: 'n' });
  const seen: string[] = [];
  manager
    .getRepository(Car)
    .live({ select: ['id', 'makerId'], populate: ['maker'] })
    .subscribe(([car]) => seen.push(JSON.stringify(car)));
  await quiet();
  await manager.update(Maker, 'x', { name: 'X' });
  await quiet();
  expect(seen.map((text) => JSON.parse(text) as unknown)).toEqual(
    ['x', 'X'].map((name) => ({ id: 'a', makerId: 'x', maker: { id: 'x', name } })),
  );
});

describe('lists whose instances take their time to load', () => {
  const following = async () => {
    const { manager } = await connect([Maker, SlowCar]);
    await manager.insert(SlowCar, [
      { id: 'a', makerId: 'x' },
      { id: 'b', makerId: 'y' },
      { id: 'c', makerId: 'z' },
    ]);
    const seen: string[] = [];
    const failed = jest.fn();
    const subscription = manager
      .getRepository(SlowCar)
      .live({ populate: ['maker'] })
      .subscribe({
        next: (list) => seen.push(list.map(({ maker }) => maker?.name).join('')),
        error: failed,
      });
    await quiet();
    loads = [];
    return { manager, seen, failed, subscription };
  };

  it('are seen in their order, none before one that came earlier', async () => {
    const { manager, seen } = await following();
    await manager.update(Maker, 'x', { name: 'X' });
    await quiet();
    await manager.update(Maker, 'y', { name: 'Y' });
    await quiet();
    await manager.delete(SlowCar, 'c');
    await quiet();
    expect([seen, loads?.length]).toEqual([['xyz'], 2]);
    loads?.[1]?.resolve();
    await quiet();
    expect(seen).toEqual(['xyz']);
    loads?.[0]?.resolve();
    await quiet();
    expect(seen).toEqual(['xyz', 'Xyz', 'XYz', 'XY']);
  });

  it('are seen in their order when one comes while another is still to be seen', async () => {
    const { manager, seen } = await following();
    await manager.update(Maker, 'x', { name: 'X' });
    await quiet();
    await manager.update(Maker, 'y', { name: 'Y' });
    await quiet();
    loads?.[0]?.resolve();
    await quiet();
    expect(seen).toEqual(['xyz', 'Xyz']);
    await manager.delete(SlowCar, 'c');
    await quiet();
    expect(seen).toEqual(['xyz', 'Xyz']);
    loads?.[1]?.resolve();
    await quiet();
    expect(seen).toEqual(['xyz', 'Xyz', 'XYz', 'XY']);
  });

  it('end with what a listener throws', async () => {
    const { manager, seen, failed } = await following();
    await manager.update(Maker, 'x', { name: 'X' });
    await quiet();
    loads?.[0]?.reject(new Error('mine'));
    await quiet();
    expect(failed.mock.calls.map(([error]) => String(error))).toEqual([expect.stringContaining('mine')]);
    expect(seen).toEqual(['xyz']);
  });

  it('are not seen by those who have left', async () => {
    const { manager, seen, failed, subscription } = await following();
    await manager.update(Maker, 'x', { name: 'X' });
    await quiet();
    subscription.unsubscribe();
    loads?.[0]?.resolve();
    await quiet();
    expect([seen, failed.mock.calls]).toEqual([['xyz'], []]);
  });
});

it('a target that cannot be read ends the lists where invalid records do', async () => {
  const dataSource = await connect([Maker, Car], { onInvalidRecord: 'throw' });
  await dataSource.manager.insert(Car, { id: 'a', makerId: 'x' });
  const failed = jest.fn();
  const seen: unknown[] = [];
  dataSource
    .getRepository(Car)
    .live({ populate: ['maker'] })
    .subscribe({ next: (list) => seen.push(list), error: failed });
  await quiet();
  await dataSource.transport.set('makers/x/name', 5);
  await quiet();
  expect(seen).toHaveLength(1);
  expect(failed.mock.calls.map(([error]) => (error as { kind?: string }).kind)).toEqual(['invalid_record']);
});

it('a setter that refuses what is filled in ends the lists with what it throws', async () => {
  @DustEntity('picky')
  class Picky {
    @Slug() id!: string;
    @Ref(() => Maker) makerId?: string | null;
    #maker: Maker | null | undefined;
    get maker(): Maker | null | undefined {
      return this.#maker;
    }
    set maker(maker: Maker | null | undefined) {
      if (maker?.name === 'bad') throw new Error('not this one');
      this.#maker = maker;
    }
  }
  const { manager } = await connect([Maker, Picky]);
  await manager.insert(Picky, { id: 'a', makerId: 'x' });
  const failed = jest.fn();
  const seen: unknown[] = [];
  manager
    .getRepository(Picky)
    .live({ populate: ['maker'] })
    .subscribe({ next: ([picky]) => seen.push(picky?.maker?.name), error: failed });
  await quiet();
  await manager.update(Maker, 'x', { name: 'bad' });
  await quiet();
  expect(seen).toEqual(['x']);
  expect(failed.mock.calls).toEqual([[new Error('not this one')]]);
});

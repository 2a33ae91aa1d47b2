import type { TransportCapabilities } from '../../../../src/index.js';
import {
  CounterField,
  DustEntity,
  DustError,
  SetField,
  Slug,
  UpdatedAtField,
} from '../../../../src/index.js';
import { TestClock } from '../../../../src/testing/index.js';
import { Link, link, useDataSources } from '../support.js';

const connect = useDataSources();

async function threeLinks() {
  const { manager, control } = await connect([Link]);
  await manager.insert(Link, [link('a'), link('b'), link('c')]);
  control.writes.length = 0;
  return { manager, control };
}

const unreachable = new DustError('network', 'no route');

@DustEntity('clicks')
class Clicks {
  @Slug() slug!: string;
  @CounterField() count!: number;
  @SetField('string') by!: string[];
  @UpdatedAtField() changedAt?: Date;
}

describe('a field operation on a record that tells when it was changed', () => {
  const change = async (capabilities: Partial<TransportCapabilities>) => {
    const { manager, control } = await connect([Clicks], capabilities, { clock: new TestClock(1000) });
    await manager.insert(Clicks, { slug: 'a' });
    control.writes.length = 0;
    await manager.increment(Clicks, 'a', 'count', 2);
    await manager.addTo(Clicks, 'a', 'by', 'x');
    return control.writes.map(([method, first]) => [method, first]);
  };
  const time = { op: 'set', path: 'clicks/a/changedAt', value: '1970-01-01T00:00:01.000Z' };

  it.each([{}, { counters: false }])('is one commit with the time (%j)', async (capabilities) => {
    expect(await change(capabilities)).toEqual([
      ['batchWrite', [{ op: 'increment', path: 'clicks/a/count', value: 2 }, time]],
      ['batchWrite', [{ op: 'add', path: 'clicks/a/by', value: 'x' }, time]],
    ]);
  });

  it.each([{ batchCounters: false }, { atomicBatch: false }])(
    'leaves the time alone (%j)',
    async (capabilities) => {
      expect(await change(capabilities)).toEqual([
        ['increment', 'clicks/a/count'],
        ['add', 'clicks/a/by'],
      ]);
    },
  );
});

describe('a field operation on several records', () => {
  it('tells which were changed when it stops between them', async () => {
    const { manager, control } = await threeLinks();
    control.before = (_method, [path]) => {
      if (path === 'reading/links/b/views') throw unreachable;
    };
    const stopped = manager.increment(Link, ['a', 'b', 'c'], 'views', 1);
    await expect(stopped).rejects.toMatchObject({
      ...{ kind: 'network', name: 'PartialWriteError', cause: unreachable, landed: ['a', 'c'] },
      message: 'The write stopped after 2 of 3 records: no route',
    });
    const views = (await manager.find(Link)).map((one) => one.views);
    expect(views).toEqual([1, 0, 1]);
  });

  it('fails with the error itself when it changed none', async () => {
    const { manager, control } = await threeLinks();
    control.before = (method) => {
      if (method === 'add') throw unreachable;
    };
    await expect(manager.addTo(Link, ['a', 'b'], 'tags', 'x')).rejects.toBe(unreachable);
    expect(control.writes).toEqual([]);
  });

  it('fails with what is no DustError as it is', async () => {
    const { manager, control } = await threeLinks();
    const broken = new Error('broken');
    control.before = (_method, [path]) => {
      if (path === 'reading/links/b/views') throw broken;
    };
    await expect(manager.increment(Link, ['a', 'b', 'c'], 'views', 1)).rejects.toBe(broken);
  });

  it('begins nothing more after an error, of as many as are under way at once', async () => {
    const { manager, control } = await connect([Link]);
    const slugs = Array.from({ length: 100 }, (_, i) => `s${String(i).padStart(3, '0')}`);
    await manager.insert(
      Link,
      slugs.map((slug) => link(slug)),
    );
    let begun = 0;
    control.before = (method) => {
      if (method !== 'increment') return;
      begun++;
      throw unreachable;
    };
    await expect(manager.increment(Link, slugs, 'views', 1)).rejects.toBe(unreachable);
    expect(begun).toBeGreaterThan(1);
    expect(begun).toBeLessThan(100);
  });
});

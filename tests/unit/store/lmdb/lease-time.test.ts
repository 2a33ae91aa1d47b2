import type { Clock } from '../../../../src/clock.js';
import { Store } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { refusalOf } from '../open-store.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();

test('a folder remembers when a lease was taken: a clock set back before it is opened again prolongs none', async () => {
  let [now, monotonic] = [Date.UTC(2030, 0, 12), 0];
  const clock: Clock = {
    now: () => now,
    monotonic: () => monotonic,
    schedule: () => () => undefined,
  };
  const open = async (): Promise<Store> =>
    new Store({ storage: await openLmdbStorage({ path: folder.path }), clock });
  const first = await open();
  await first.lease({ path: 'k', ttl: 1000 });
  await first.write({ op: 'set', path: 'a', value: 1 });
  await first.close();
  now -= 950_400_000;
  const second = await open();
  monotonic += 999;
  expect(await refusalOf(second.lease({ path: 'k' }))).toMatchObject({ kind: 'held' });
  monotonic += 1;
  await second.lease({ path: 'k' });
  await second.close();
});

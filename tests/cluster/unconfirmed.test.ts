import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { Database } from './parts/database.js';
import { ThisMachine } from './parts/machine.js';
import { Pair } from './parts/pair.js';
import { freePort } from './parts/free-port.js';
import { programOf } from './server-parts.js';

/** So much faster than the machine's: a node need not be waited for as long as users wait. */
const FASTER = 10;

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() * FASTER,
  schedule: (callback, ms) => {
    const timer = setTimeout(callback, ms / FASTER);
    return () => {
      clearTimeout(timer);
    };
  },
};

let home: string;
let pair: Pair;
let store: Store;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dust-orm-unconfirmed-'));
  // PostgreSQL runs as somebody else, who must get to what lies within.
  chmodSync(home, 0o711);
  const [machine, programs] = [new ThisMachine(), programOf('ensure/postgres.mjs')];
  const [one, other] = await Promise.all(
    ['one', 'other'].map(async (name) => {
      const folder = join(home, name);
      mkdirSync(folder);
      return new Database({ machine, port: await freePort(), programs, folder, network: '127.0.0.1/32' });
    }),
  );
  pair = await Pair.make(one!, other!);
  const log = await openPostgresLog({ url: Pair.urlOf([one!, other!]), store: 'acme/cut', timeout: 1_000 });
  store = new Store({
    storage: createMemoryStorage(),
    order: (copy) => new ClusterNode(copy, { log, clock, logger: silentLogger }),
  });
}, 120_000);

afterAll(async () => {
  await store.close();
  await pair.end();
  rmSync(home, { recursive: true, force: true });
});

const isReady = (): boolean => {
  try {
    store.assertCurrent();
    return true;
  } catch {
    return false;
  }
};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

it('a node to which nobody writes is not ready while its primary has no standby that confirms, and reads go on', async () => {
  await store.write({ op: 'set', path: 'a', value: 1 });
  await until(isReady);
  await pair.standby.end();
  await until(() => !isReady());
  expect(store.get('a')?.value).toBe(1);
  await pair.standby.begin();
  await until(isReady);
}, 60_000);

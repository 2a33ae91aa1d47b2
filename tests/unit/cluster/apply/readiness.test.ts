import { ClusterNode } from '../../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../../src/cluster/logs/memory/memory-log.js';
import { DustError } from '../../../../src/errors.js';
import { silentLogger } from '../../../../src/logging.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { TestClock } from '../../../../src/testing/test-clock.js';
import { goOn } from '../model/turns.js';

const clock = new TestClock();
let memory: MemoryLog;
let store: Store;
/** What the log does when it is to show that it could take a write in. */
let confirm: () => Promise<unknown>;
let confirmed: number;

function connect(): ReplicatedLog {
  const log = memory.connect();
  return {
    name: log.name,
    shelf: log.shelf,
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    bounds: async (options = {}) => {
      if (options.mustConfirm === true) {
        await confirm();
        confirmed++;
      }
      return log.bounds(options);
    },
    watch: (listener) => log.watch(listener),
    trim: (through) => log.trim(through),
    close: () => log.close(),
  };
}

/** Time passes as it does for a node that sleeps in between. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    await clock.advance(500);
    await goOn();
  }
}

const refusal = (): string | undefined => {
  try {
    store.assertCurrent();
    return undefined;
  } catch (error) {
    return (error as DustError).detail;
  }
};

beforeEach(async () => {
  confirm = () => Promise.resolve();
  confirmed = 0;
  memory = new MemoryLog({ clock });
  store = new Store({
    storage: createMemoryStorage(),
    order: (copy) =>
      new ClusterNode(copy, { log: connect(), clock, random: () => 0.5, logger: silentLogger }),
  });
  await pass(3_000);
});

afterEach(() => store.close());

it('an idle node is ready, and asks the log now and then whether it could take a write in', async () => {
  confirmed = 0;
  await pass(20_000);
  expect(refusal()).toBeUndefined();
  expect(confirmed).toBeGreaterThanOrEqual(5);
  expect(confirmed).toBeLessThanOrEqual(10);
});

it.each<[string, () => Promise<unknown>]>([
  ['does not answer', () => new Promise(() => undefined)],
  ['fails', () => Promise.reject(new DustError('network', 'nobody confirms it'))],
])(
  'an idle node is not ready when who would confirm a write %s, and is again when it does',
  async (_, fails) => {
    let isCut = true;
    let heal: () => void = () => undefined;
    const healed = new Promise<void>((resolve) => (heal = resolve));
    confirm = () => (isCut ? Promise.race([fails(), healed]) : Promise.resolve());
    await pass(4_000);
    expect(refusal()).toBeUndefined();
    await pass(4_000);
    expect(refusal()).toBe('lagging');
    isCut = false;
    heal();
    await pass(4_000);
    expect(refusal()).toBeUndefined();
  },
);

it('a log that others write to need not be asked', async () => {
  const other = new Store({
    storage: createMemoryStorage(),
    order: (copy) => new ClusterNode(copy, { log: memory.connect(), clock, logger: silentLogger }),
  });
  try {
    confirmed = 0;
    for (let i = 0; i < 20; i++) {
      await Promise.all([other.write({ op: 'set', path: 'a', value: i }), pass(500)]);
    }
    expect(confirmed).toBe(0);
    expect(refusal()).toBeUndefined();
  } finally {
    await other.close();
  }
});

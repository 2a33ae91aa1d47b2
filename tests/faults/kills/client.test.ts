import { systemClock } from '../../../src/clock.js';
import type { Leaf } from '../../../src/protocol/values/value.js';
import type { Store } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { ServedStore } from '../../contract/rows/served-store.js';
import { serveStore } from '../../contract/rows/served-store.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import type { Acknowledged } from '../channel/writer-process.js';
import { ChannelWriterProcess } from '../channel/writer-process.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { randomInts } from '../random-ints.js';
import { TcpProxy } from '../tcp-proxy.js';

/** Every other one while it catches up, the others while it writes. */
const KILLS = 4;
/** What the store grows by before each start of the client. */
const OPERATIONS = 2000;
/** What is committed together, and so comes to the mirror together. */
const COMMIT = 25;
/** What an operation takes on the wire at least, in bytes, and less than a half of what it takes at the most. */
const LEAST_SIZE = 300;
const COUNTERS = ['counted-0', 'counted-1'];

/** HTTP goes to the server itself, the socket through a proxy that counts and stalls. */
const compiled = useCompiledPackage();
const data = useDataFolder();
let served: ServedStore;
let proxy: TcpProxy;

beforeEach(async () => {
  served = await serveStore(systemClock, {});
  proxy = await TcpProxy.open(Number(new URL(served.destination.url).port));
});

afterEach(async () => {
  await proxy.close();
  await served.close();
});

function client(run: number): ChannelWriterProcess {
  const socketUrl = `ws://127.0.0.1:${proxy.port}/ws/sync/websocket`;
  const options = { ...served.destination, socketUrl, prefixes: ['pages'], cache: { path: data.path } };
  return new ChannelWriterProcess(compiled.folder, options, run);
}

/** Writes that no client has made. */
async function grow(store: Store, round: number): Promise<void> {
  for (let n = 0; n < OPERATIONS; n += COMMIT) {
    const operations = Array.from({ length: COMMIT }, (_, i) => ({
      ...({
        op: 'set',
        path: `pages/grown-${(n + i) % 1000}/title`,
        value: `${round}/${n + i} ${'x'.repeat(LEAST_SIZE)}`,
      } as const),
    }));
    await store.writeBatch({ operations });
  }
}

function leavesOf(store: Store): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let after: string | undefined;
  do {
    const page = store.list({ pattern: 'pages/**', after });
    leaves.push(...page.items);
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  return leaves;
}

/** The seq that the folder's mirror stands at. */
async function seqInFolder(): Promise<number> {
  const storage = await openLmdbStorage({ path: data.path });
  try {
    return storage.readCounters().storeSeq;
  } finally {
    await storage.close();
  }
}

/** Acknowledged writes that the store does not hold, and counters that hold less than was acknowledged or too much. */
function faultsIn(store: Store, acknowledged: readonly Acknowledged[], kills: number): string[] {
  const lost = acknowledged.filter(({ path, value, storeSeq }) => {
    const leaf = store.get(path);
    return value !== undefined && (leaf?.value !== value || leaf.revision !== storeSeq);
  });
  const miscounted = COUNTERS.map((slug) => `pages/${slug}/views`).filter((path) => {
    const least = acknowledged.filter((write) => write.path === path).length;
    const total = Number(store.get(path)?.value);
    // One that the killed client had not heard of yet, each time.
    return total < least || total > least + kills;
  });
  return [...lost.map(({ path }) => `${path} is lost`), ...miscounted.map((path) => `${path} is miscounted`)];
}

describe('a client that is killed, with its mirror in a folder', () => {
  it(`goes on from where it was ${KILLS} times, and no acknowledged write is lost`, async () => {
    const random = randomInts(20_261_121);
    const { store } = served;
    for (const slug of COUNTERS) await store.write({ op: 'set', path: `pages/${slug}/title`, value: 'here' });
    const acknowledged: Acknowledged[] = [];
    let known = 0;
    for (let run = 1; run <= KILLS + 1; run++) {
      await grow(store, run);
      const before = proxy.bytes.down;
      const missing = store.status().storeSeq - known;
      const process = client(run);
      try {
        if (run <= KILLS && run % 2 === 1) {
          // Some operations have come, not all of them, and no more will: it is killed while it applies them.
          const operations = 100 + random(missing / 2 - 100);
          await proxy.until(({ bytes: { down } }) => down - before > operations * LEAST_SIZE * 2);
          proxy.stall('down');
          await process.isBeyond(known + random(operations - COMMIT));
        } else {
          await process.isLive();
          const caughtUp = proxy.bytes.down - before;
          expect(caughtUp).toBeGreaterThan(missing * LEAST_SIZE);
          expect(caughtUp).toBeLessThan(missing * LEAST_SIZE * 2);
          expect(await process.mirror(store.status().storeSeq)).toEqual(leavesOf(store));
        }
        if (run <= KILLS && run % 2 === 0) {
          process.write(COUNTERS);
          await process.message(process.messages.length + 1 + random(500));
        }
      } finally {
        await process.kill();
        proxy.resume();
      }
      acknowledged.push(...process.acknowledged);
      // What had reached the server is worked off, or dropped, by the time that it closes its end.
      await proxy.until(({ open }) => open === 0);
      // What it first says of its mirror is where the one before it was killed.
      if (known > 0) expect(process.resumedFrom).toBe(known);
      const seq = await seqInFolder();
      expect(seq).toBeGreaterThan(known);
      known = seq;
    }
    expect(faultsIn(store, acknowledged, KILLS / 2)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(KILLS * 20);
  }, 60_000);
});

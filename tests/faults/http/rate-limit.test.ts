import { setImmediate as turn } from 'node:timers/promises';
import type { Repository } from '../../../src/index.js';
import { DataSource, DustEntity, Field, Slug } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import type { Store } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import { CountingProxy } from '../counting-proxy.js';

const STORE = 'acme/limited';
const TOKEN = 'dust_tok_of_the_rate_limits';
const RECORDS = 300;

/** Writes a minute that a server takes when nothing else is said (PROTOCOL §3). */
const LIMIT = 100;

@DustEntity('readings')
class Reading {
  @Slug() slug!: string;
  @Field({ type: 'integer', required: true }) value!: number;
  @Field() unit!: string;
}

const readings = Array.from({ length: RECORDS }, (_, value) => ({ slug: `r${value}`, value, unit: 'mm' }));

describe('300 inserts with the default limits on', () => {
  let clock: TestClock;
  let store: Store;
  let server: DustServer;
  let proxy: CountingProxy;
  let dust: DataSource;
  let repository: Repository<Reading>;

  beforeEach(async () => {
    clock = new TestClock();
    store = await openStore({ clock });
    const tokens = [{ token: TOKEN }];
    const stores = { [STORE]: store };
    server = new DustServer({ stores, tokens, rateLimits: {}, clock, logger: silentLogger });
    proxy = await CountingProxy.open((await server.listen({ port: 0 })).url);
    dust = await open();
    repository = dust.getRepository(Reading);
  });

  afterEach(async () => {
    await dust.destroy();
    await proxy.close();
    await server.close();
    await store.close();
  });

  /** A client of its own, on the same clock and with the same token. */
  const open = (): Promise<DataSource> => {
    const transport = new HttpTransport({
      url: proxy.url,
      store: STORE,
      token: TOKEN,
      retry: {},
      clock,
      logger: silentLogger,
    });
    return new DataSource({ store: STORE, entities: [Reading], transport, clock }).initialize();
  };

  /** Lets a second pass whenever nothing is on its way between client and server, until the work is done. */
  const untilDone = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = work.finally(() => (isDone = true));
    settled.catch(() => undefined);
    for (let quiet = 0; !isDone; quiet = proxy.underWay === 0 ? quiet + 1 : 0) {
      await turn();
      if (quiet > 0 && quiet % 50 === 0) await clock.advance(1000);
    }
    return settled;
  };

  const stored = (): number => store.list({ pattern: 'readings/*/value', limit: 1000 }).items.length;

  it('all land in one request when they come as a list', async () => {
    const { affected } = await untilDone(repository.insert(readings));
    expect(affected).toBe(RECORDS);
    expect(stored()).toBe(RECORDS);
    expect(proxy.accepted.writes).toBe(1);
    expect(proxy.answeredWith(429)).toBe(0);
  });

  it('all land in one request by insertMany', async () => {
    const { affected } = await untilDone(repository.insertMany(readings));
    expect(affected).toBe(RECORDS);
    expect(stored()).toBe(RECORDS);
    expect(proxy.accepted.writes).toBe(1);
    expect(proxy.answeredWith(429)).toBe(0);
  });

  it('all land in a few requests when they are made at the same time', async () => {
    const results = await untilDone(Promise.all(readings.map((reading) => repository.insert(reading))));
    expect(new Set(results.map(({ revision }) => revision)).size).toBe(RECORDS);
    expect(stored()).toBe(RECORDS);
    expect(proxy.accepted.writes).toBeLessThanOrEqual(3);
    expect(proxy.answeredWith(429)).toBe(0);
  });

  it('all land when they are made one after the other, waiting for each new minute', async () => {
    const start = clock.now();
    const oneAfterTheOther = async (): Promise<void> => {
      for (const reading of readings) await repository.insert(reading);
    };
    await untilDone(oneAfterTheOther());
    expect(stored()).toBe(RECORDS);
    expect(proxy.accepted.writes).toBe(RECORDS);
    expect(proxy.answeredWith(429)).toBeLessThanOrEqual(2);
    expect(clock.now() - start).toBeLessThan((RECORDS / LIMIT) * 60_000 + 5000);
  });

  it('all land as claims, which cannot be merged, and hardly one is refused', async () => {
    const start = clock.now();
    const claims = readings.map((reading) => repository.insert(reading, { ifAbsent: true }));
    await untilDone(Promise.all(claims));
    expect(stored()).toBe(RECORDS);
    expect(proxy.answeredWith(429)).toBeLessThanOrEqual(8);
    expect(proxy.accepted.writes).toBeLessThanOrEqual(2 * RECORDS);
    const minutes = Math.ceil(proxy.accepted.writes / LIMIT);
    expect(clock.now() - start).toBeLessThan(minutes * 60_000 + 10_000);
  });

  it('all land as claims when another client draws on the same limit', async () => {
    const other = await open();
    const theirs = other.getRepository(Reading);
    const claims = readings.map((reading, i) =>
      (i % 2 === 0 ? repository : theirs).insert(reading, { ifAbsent: true }),
    );
    await untilDone(Promise.all(claims));
    await other.destroy();
    expect(stored()).toBe(RECORDS);
    // Neither knows what the other has under way: at the end of a minute both send a little too much.
    expect(proxy.answeredWith(429)).toBeLessThan(RECORDS);
  });
});

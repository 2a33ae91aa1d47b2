import { setImmediate as turn } from 'node:timers/promises';
import type { Repository } from '../../../src/index.js';
import { DataSource, DustEntity, Field, Slug } from '../../../src/index.js';
import type { Logger } from '../../../src/logging.js';
import { silentLogger } from '../../../src/logging.js';
import type { Store } from '../../../src/server/index.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import { TestClock } from '../../../src/testing/index.js';
import { TcpProxy } from '../tcp-proxy.js';

const STORE = 'acme/limited';
const TOKEN = 'dust_tok_of_the_limited_channel';
const WINDOW = 60_000;

@DustEntity('readings')
class Reading {
  @Slug() slug!: string;
  @Field({ type: 'integer', required: true }) value!: number;
}

/** Client and server on one clock, with real sockets between them. */
describe.each([undefined, '0.1'] as const)(
  'at 100 writes a minute over the channel, imitating %s',
  (imitate) => {
    let clock: TestClock;
    let store: Store;
    let server: DustServer;
    let proxy: TcpProxy;
    let dust: DataSource;
    let readings: Repository<Reading>;
    /** What operators were told, and how many inserts had not landed at that moment. */
    let told: { text: string; waiting: number }[];
    let underWay: number;

    beforeEach(async () => {
      clock = new TestClock();
      told = [];
      underWay = 0;
      store = await openStore({ clock });
      server = new DustServer({
        stores: { [STORE]: store },
        tokens: [{ token: TOKEN }],
        rateLimits: {},
        ...(imitate && { imitate }),
        clock,
        logger: silentLogger,
      });
      proxy = await TcpProxy.open(Number(new URL((await server.listen({ port: 0 })).url).port));
      const logger: Logger = {
        ...silentLogger,
        warn: (text) => told.push({ text, waiting: underWay }),
      };
      dust = new DataSource({
        url: `http://127.0.0.1:${proxy.port}`,
        store: STORE,
        token: TOKEN,
        entities: [Reading],
        clock,
        logger,
      });
      await dust.initialize();
      readings = dust.getRepository(Reading);
    });

    afterEach(async () => {
      const destroyed = dust.destroy();
      await untilDone(destroyed);
      await server.close();
      await store.close();
      await proxy.close();
    });

    /** Lets a little time pass whenever nothing is on its way between client and server, until the work is done. */
    const untilDone = async <T>(work: Promise<T>): Promise<T> => {
      let isDone = false;
      const settled = work.finally(() => (isDone = true));
      settled.catch(() => undefined);
      let [passed, quiet] = [0, 0];
      while (!isDone) {
        await turn();
        const { up, down } = proxy.bytes;
        quiet = up + down === passed ? quiet + 1 : 0;
        passed = up + down;
        if (quiet > 0 && quiet % 20 === 0) await clock.advance(250);
      }
      return settled;
    };

    const insert = async (value: number): Promise<void> => {
      underWay++;
      await readings.insert({ slug: `r${value}`, value });
      underWay--;
    };

    const stored = (): number => store.list({ pattern: 'readings/*/value', limit: 1000 }).items.length;

    it('150 inserts one after the other all land', async () => {
      const began = clock.now();
      await untilDone(
        (async () => {
          for (let value = 0; value < 150; value++) await insert(value);
        })(),
      );
      expect(stored()).toBe(150);
      expect(store.status().storeSeq).toBe(150);
      expect(clock.now() - began).toBeLessThan(2 * WINDOW);
      expect(told).toEqual([{ waiting: 1, text: expect.stringMatching(/rate limit .*: 1 write .* waits/) }]);
    }, 60_000);

    it('150 batches at once, which go over HTTP, all land, each once', async () => {
      const began = clock.now();
      const batch = (value: number) =>
        dust.transport.batchWrite([
          { op: 'set', path: `readings/r${value}/slug`, value: `r${value}` },
          { op: 'set', path: `readings/r${value}/value`, value },
        ]);
      await untilDone(Promise.all(Array.from({ length: 150 }, (_, value) => batch(value))));
      expect(stored()).toBe(150);
      expect(clock.now() - began).toBeLessThan(5 * WINDOW);
    }, 60_000);

    it('300 inserts at once all land', async () => {
      const began = clock.now();
      await untilDone(Promise.all(Array.from({ length: 300 }, (_, value) => insert(value))));
      expect(stored()).toBe(300);
      expect(store.status().storeSeq).toBe(300);
      expect(clock.now() - began).toBeLessThan(4 * WINDOW);
      expect(told.length).toBeGreaterThanOrEqual(2);
      for (const { text, waiting } of told) {
        expect(text).toMatch(RegExp(`rate limit .*: ${waiting} writes .* wait`));
      }
    }, 60_000);
  },
);

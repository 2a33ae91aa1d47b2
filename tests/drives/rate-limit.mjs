// More inserts than the rate limit of a token has room for, in real time and with default options: one after the other, and at
// the same time as many at once. The server is one of version 0.1, which says "60 s" whatever is left of the minute:
// `npm run drive -- rate-limit`, some three minutes, or `-- rate-limit --writes 600` at 600 writes a minute instead of 100.
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource } from 'dust-orm';
import { Note } from './parts/note.mjs';
import { numbers } from './parts/options.mjs';
import { STORE, TOKEN, serveWith } from './parts/served.mjs';
import { Tally } from './parts/tally.mjs';

/** Of another client, whose minute is another one. */
const SECOND_TOKEN = 'the-other-token-that-writes';

const { single, concurrent, writes } = numbers({ single: 150, concurrent: 300, writes: 100 });
const server = await serveWith([
  ...['--imitate', '0.1', '--rate-limit', '--rate-limit-writes', String(writes), '--token', SECOND_TOKEN],
]);
let kept;
try {
  kept = await Promise.all([
    drive(`${single} inserts one after the other`, TOKEN, single, async (insert) => {
      for (let n = 0; n < single; n++) await insert(n);
    }),
    drive(`${concurrent} inserts at once`, SECOND_TOKEN, concurrent, (insert) =>
      Promise.all(Array.from({ length: concurrent }, (_, n) => insert(n))),
    ),
  ]);
} finally {
  await server.stop();
}
process.exit(kept.every((each) => each) ? 0 : 1);

async function drive(title, token, count, work) {
  const tally = new Tally(title);
  let waiting = 0;
  /** What operators are told names the rate limit, and as many writes as wait. */
  const hear = (text) => {
    const isTrue = text.includes('rate limit') && text.includes(`: ${waiting} write`);
    tally.expect(isTrue ? 'told of the limit and of those who wait' : `told otherwise: ${text}`, isTrue);
  };
  const logger = { debug: hear, info: hear, warn: hear, error: hear };
  const notes = await new DataSource({
    url: server.url,
    store: STORE,
    token,
    entities: [Note],
    logger,
  }).initialize();
  const repository = notes.getRepository(Note);
  const began = Date.now();
  const insert = async (n) => {
    waiting++;
    try {
      await repository.insert({ id: `${token}-${n}`, text: title, count: n });
      tally.saw('landed');
    } catch (error) {
      tally.expect(`failed: ${error.kind} ${error.message}`, false);
    }
    waiting--;
  };
  await work(insert);
  const seconds = Math.round((Date.now() - began) / 1000);
  // Another client of the same store hears of the last of them a moment later.
  await wait(500);
  const stored = (await repository.find()).filter(({ text }) => text === title).length;
  tally.expect(`${stored} of ${count} are in the store`, stored === count);
  await notes.destroy();
  const isKept = tally.report();
  console.log(`  in ${seconds} s at ${writes} writes a minute`);
  return isKept;
}

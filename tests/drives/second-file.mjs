// A write that the server's channel crashes on, and increments beside it, in real time and with default options: a server of
// version 0.1 crashes on the second file of a store. `npm run drive -- second-file --rounds 5`.
import { DataSource, DustEntity, CounterField, FileField, Slug } from 'dust-orm';
import { numbers } from './parts/options.mjs';
import { STORE, TOKEN, serveWith } from './parts/served.mjs';
import { Tally } from './parts/tally.mjs';

/** The most that the write may take, in milliseconds, and the most crashes. */
const [WITHIN, CRASHES] = [5000, 2];

class Page {}
Slug()(Page.prototype, 'id');
CounterField()(Page.prototype, 'views');
FileField()(Page.prototype, 'cover');
DustEntity('pages')(Page);

const { rounds, increments } = numbers({ rounds: 5, increments: 100 });
const tally = new Tally(`${rounds} second files and ${increments} increments beside each`);
const times = [];
for (let round = 0; round < rounds; round++) {
  const server = await serveWith(['--imitate', '0.1', '--no-rate-limit']);
  try {
    times.push(await drive(server.url));
  } finally {
    await server.stop();
  }
}
const isKept = tally.report();
console.log(`  given up after ${times.map((ms) => `${ms} ms`).join(', ')}`);
process.exit(isKept ? 0 : 1);

async function drive(url) {
  let crashes = 0;
  const info = (text) => (crashes += text.includes('has lost its connection') ? 1 : 0);
  const ignore = () => undefined;
  const dataSource = await new DataSource({
    ...{ url, store: STORE, token: TOKEN, entities: [Page] },
    ...{ logging: 'info', logger: { debug: ignore, info, warn: ignore, error: ignore } },
  }).initialize();
  const pages = dataSource.getRepository(Page);
  const cover = (id) => pages.putFile(id, 'cover', 'a picture', { filename: 'cover.txt' });
  await pages.insert([
    ...['a', 'b', ...Array.from({ length: 10 }, (_, n) => `p${n}`)].map((id) => ({ id, views: 0 })),
  ]);
  await cover('a');
  const began = performance.now();
  const second = cover('b').then(
    () => tally.expect('the second file was stored', false),
    (error) => {
      const isNamed =
        error.message.includes('put_file "pages/b/cover"') && error.detail === 'channel_crashed';
      tally.expect(isNamed ? 'given up by its name' : `failed otherwise: ${error.message}`, isNamed);
    },
  );
  const took = second.then(() => Math.round(performance.now() - began));
  await Promise.all([
    took,
    ...Array.from({ length: increments }, async (_, n) => {
      try {
        await pages.increment(`p${n % 10}`, 'views', 1);
        tally.saw('increment acknowledged');
      } catch (error) {
        tally.expect(`an increment failed: ${error.message}`, false);
      }
    }),
  ]);
  const ms = await took;
  tally.expect(`at most ${CRASHES} crashes`, crashes <= CRASHES);
  tally.expect(`within ${WITHIN} ms`, ms <= WITHIN);
  const counted = (await pages.find()).reduce((sum, { views }) => sum + Number(views ?? 0), 0);
  tally.expect(`${counted} counted`, counted === increments);
  await dataSource.destroy();
  return ms;
}

// Thousands of updates, saves, increments, set members and deletes, one after the other, on a folder and over a mirror that is
// kept in one. Counts LMDB's readers and open files afterwards: a read that is not given back takes one of 126 for good.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CounterField, DataSource, DustEntity, Field, SetField, silentLogger, Slug } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { open } from 'lmdb';
import { numbers } from './parts/options.mjs';

class Page {}
Slug()(Page.prototype, 'id');
Field('string')(Page.prototype, 'text');
CounterField()(Page.prototype, 'views');
SetField({ type: 'string' })(Page.prototype, 'tags');
DustEntity('pages')(Page);

/** What is done over and over; `i` counts. */
const WORK = {
  update: (pages, id, i) => pages.update(id, { text: `update ${i}` }),
  save: async (pages, id, i) => {
    const page = await pages.findOneByOrFail({ id });
    page.text = `save ${i}`;
    await pages.save(page);
  },
  increment: (pages, id) => pages.increment(id, 'views', 1),
  addTo: (pages, id, i) => pages.addTo(id, 'tags', `t${i % 10}`),
  delete: async (pages, _id, i) => {
    await pages.insert({ id: `gone${i}`, text: 'x' });
    await pages.delete(`gone${i}`);
  },
};

const { rounds } = numbers({ rounds: 2000 });
const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
let broken = 0;

async function readers(path) {
  const root = open({ path, readOnly: true });
  try {
    return root
      .readerList()
      .split('\n')
      .filter((line) => /^\s*\d+ /.test(line)).length;
  } finally {
    await root.close();
  }
}

function files() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

async function drive(where, path, options) {
  const dataSource = await new DataSource({
    ...options,
    entities: [Page],
    logger: silentLogger,
  }).initialize();
  try {
    const pages = dataSource.getRepository(Page);
    await pages.insert({ id: 'a', text: 'x' });
    for (const [what, work] of Object.entries(WORK)) {
      const before = [await readers(path), files()];
      let done = 0;
      try {
        for (; done < rounds; done++) await work(pages, 'a', done);
      } catch (error) {
        console.error(`${where}: ${what} ${done}: ${error.kind ?? error.name}: ${error.message}`);
      }
      const after = [await readers(path), files()];
      // One reader belongs to the process for as long as it reads in one turn of the event loop.
      const held = done === rounds && after[0] <= before[0] + 1 && after[1] <= before[1];
      if (!held) broken++;
      console.log(
        `${where}: ${done} × ${what}; readers ${before[0]} → ${after[0]}, files ${before[1]} → ${after[1]}`,
      );
    }
    const { views } = await pages.findOneByOrFail({ id: 'a' });
    if (views !== rounds) {
      broken++;
      console.error(`${where}: ${rounds} increments came to ${views}`);
    }
  } finally {
    await dataSource.destroy();
  }
}

try {
  const path = join(folder, 'store');
  await drive('folder', path, { path });
  const store = 'acme/drive';
  const server = await serve({ port: 0, stores: [store], rateLimits: false, logger: silentLogger });
  const mirror = join(folder, 'mirror');
  await drive('cached mirror', mirror, {
    url: server.url,
    token: server.token,
    store,
    cache: { path: mirror },
  });
  await server.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(broken === 0 ? 'nothing is left behind' : `${broken} promises broken`);
process.exitCode = broken === 0 ? 0 : 1;

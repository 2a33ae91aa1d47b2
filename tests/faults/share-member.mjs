// One of several processes that share a data folder. Says when it has opened the folder, whether it has it, and what it hears; writes
// without end when it is told to, and tells its parent of every acknowledgement; shows how the records stand when it is asked.
// Arguments: the folder of the compiled package, the data folder, its name.
import { pathToFileURL } from 'node:url';

const [compiled, path, name] = process.argv.slice(2);
const { CounterField, DataSource, DustEntity, Field, Index, Slug } = await import(
  pathToFileURL(`${compiled}/index.js`).href
);
process.once('disconnect', () => process.exit());

class Page {}
Slug()(Page.prototype, 'slug');
Field('string')(Page.prototype, 'title');
Index({ unique: true })(Page.prototype, 'title');
CounterField()(Page.prototype, 'views');
DustEntity('pages')(Page);

const say = (message) => process.send(message);
const dataSource = await new DataSource({ path, share: true, entities: [Page], deviceId: name }).initialize();
const pages = dataSource.getRepository(Page);
await pages.insert({ slug: 'counted', title: 'counted' }).catch(({ kind }) => {
  if (kind !== 'exists') throw new Error(kind);
});
pages.rawEvents().subscribe(({ storeSeq, op }) => say({ type: 'heard', storeSeq, op }));
let role;
dataSource.status$.subscribe(({ shared, state, storeSeq }) => {
  if (state === 'live' && shared !== role) say({ type: 'role', role: (role = shared), storeSeq });
});

let isStopped = false;

/** Repeats a write, each time after the one before was settled. */
async function repeat(kind, write) {
  for (let n = 0; !isStopped; n++) {
    say({ type: 'begun', kind });
    try {
      const { storeSeq } = await write(n);
      say({ type: 'acknowledged', kind, storeSeq });
    } catch (error) {
      say({ type: 'failed', kind, error: error.kind, message: error.message });
    }
  }
}

const orders = {
  write: async () => {
    await Promise.all([
      ...[0, 1, 2].map(() => repeat('increment', () => pages.increment('counted', 'views', 1))),
      repeat('insert', (n) => pages.insert({ slug: `${name}-${n}`, title: `${name}/${n}` })),
    ]);
    say({ type: 'stopped' });
  },
  stop: () => {
    isStopped = true;
  },
  show: async ({ storeSeq }) => {
    await new Promise((resolve) => {
      const subscription = dataSource.status$.subscribe((status) => {
        if (status.state !== 'live' || status.storeSeq < storeSeq) return;
        resolve();
        queueMicrotask(() => subscription.unsubscribe());
      });
    });
    const { views } = await pages.findOne({ where: { slug: 'counted' } });
    say({ type: 'shown', views, inserted: await pages.count({}) });
  },
  backup: async ({ out }) => {
    await dataSource.backup(out);
    say({ type: 'backed up' });
  },
  close: async () => {
    await dataSource.destroy();
    say({ type: 'closed' });
    process.disconnect();
  },
};
process.on('message', (order) => void orders[order.type](order));
say({ type: 'open' });

// One of several processes, or threads of one, that share a data folder. Says when it has opened the folder, whether it has it, and what it hears; writes
// without end when it is told to, and tells its parent of every acknowledgement; shows how the records stand when it is asked.
// Arguments: the folder of the compiled package, its name, options of the data source as JSON.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const [compiled, name, options] = workerData ?? process.argv.slice(2);
const { CounterField, DataSource, DustEntity, Field, Index, Slug } = await import(
  pathToFileURL(`${compiled}/index.js`).href
);
const port = parentPort ?? process;
if (parentPort === null) process.once('disconnect', () => process.exit());

class Page {}
Slug()(Page.prototype, 'slug');
Field('string')(Page.prototype, 'title');
Index({ unique: true })(Page.prototype, 'title');
CounterField()(Page.prototype, 'views');
DustEntity('pages')(Page);

const say = (message) => (parentPort === null ? process.send(message) : parentPort.postMessage(message));
const dataSource = await new DataSource({
  ...JSON.parse(options),
  share: true,
  entities: [Page],
  deviceId: name,
}).initialize();
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

async function once(kind, write) {
  say({ type: 'begun', kind });
  try {
    const { storeSeq } = await write();
    say({ type: 'acknowledged', kind, storeSeq });
  } catch (error) {
    if (error.kind === 'closed') isStopped = true;
    say({ type: 'failed', kind, error: error.kind, detail: error.detail, message: error.message });
  }
}

/** Repeats a write, each time after the one before was settled. */
async function repeat(kind, write) {
  for (let n = 0; !isStopped; n++) await once(kind, () => write(n));
}

const increment = () => pages.increment('counted', 'views', 1);
/** What is there already is not inserted again: whoever inserts it twice is told so. */
const insert = (n) => pages.insert({ slug: `${name}-${n}`, title: `${name}/${n}` }, { ifAbsent: true });

const orders = {
  write: async () => {
    await Promise.all([...[0, 1, 2].map(() => repeat('increment', increment)), repeat('insert', insert)]);
    say({ type: 'stopped' });
  },
  increment: () => once('increment', increment),
  stop: () => {
    isStopped = true;
  },
  show: async ({ storeSeq }) => {
    await new Promise((resolve) => {
      const subscription = dataSource.status$.subscribe((status) => {
        if (status.storeSeq < storeSeq) return;
        resolve();
        queueMicrotask(() => subscription.unsubscribe());
      });
    });
    const { views } = await pages.findOne({ where: { slug: 'counted' } });
    const { state, readsFrom } = await dataSource.transport.status();
    say({ type: 'shown', views, inserted: await pages.count({}), state, readsFrom });
  },
  backup: async ({ out }) => {
    say(
      await dataSource.backup(out).then(
        () => ({ type: 'backed up' }),
        ({ kind, detail }) => ({ type: 'backed up', error: kind, detail }),
      ),
    );
  },
  close: async () => {
    await dataSource.destroy();
    say({ type: 'closed' });
    if (parentPort === null) process.disconnect();
    else parentPort.close();
  },
};
port.on('message', (order) => void orders[order.type](order));
say({ type: 'open' });

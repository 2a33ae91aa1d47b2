// A client of a server over its channel, with a mirror in a folder. Says how far its mirror has come, and that it is
// live; writes without end when it is told to, tells its parent of every acknowledgement, and shows its mirror when it
// is asked. Arguments: the folder of the compiled package, the options of the transport as JSON, the number of this run.
import { pathToFileURL } from 'node:url';

const [compiled, options, run] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${compiled}/${file}`).href);
const { CounterField, DataSource, DustEntity, Field, Slug } = await load('index.js');
const { EngineRegistry, createChannelTransport } = await load('transport/channel/index.js');
process.once('disconnect', () => process.exit());

class Page {}
Slug()(Page.prototype, 'slug');
Field('string')(Page.prototype, 'title');
CounterField()(Page.prototype, 'views');
DustEntity('pages')(Page);

const transport = createChannelTransport(JSON.parse(options), new EngineRegistry());
transport.status$.subscribe(({ storeSeq }) => process.send({ type: 'at', storeSeq }));
const dataSource = await new DataSource({ entities: [Page], transport }).initialize();
const pages = dataSource.getRepository(Page);

/** Resolves when the mirror holds everything up to this seq. */
const reached = (seq) =>
  new Promise((resolve) => {
    const subscription = transport.status$.subscribe(({ state, storeSeq }) => {
      if (state !== 'live' || storeSeq < seq) return;
      resolve();
      queueMicrotask(() => subscription.unsubscribe());
    });
  });

/** Every leaf of the mirror. */
const mirror = async () => {
  const leaves = [];
  for (let after; ;) {
    const { items, nextCursor } = await transport.list({ pattern: 'pages/**', after });
    leaves.push(...items);
    if (nextCursor === null || nextCursor === undefined) return leaves;
    after = nextCursor;
  }
};

/** Repeats `write`, each time after the one before was acknowledged. */
const repeat = async (write) => {
  for (let n = 0; ; n++) process.send({ type: 'acknowledged', ...(await write(n)) });
};

const insert = (writer) => async (n) => {
  const page = { slug: `insert-${run}-${writer}-${n}`, title: `${writer}/${n}` };
  const { storeSeq } = await pages.insert(page);
  return { path: `pages/${page.slug}/title`, value: page.title, storeSeq };
};

const increment = (slug) => async () => {
  const { storeSeq } = await pages.increment(slug, 'views', 1);
  return { path: `pages/${slug}/views`, storeSeq };
};

process.on('message', async (message) => {
  if (message.type === 'show') {
    await reached(message.storeSeq);
    process.send({ type: 'mirror', leaves: await mirror() });
  } else {
    void Promise.all([
      ...[0, 1, 2, 3, 4].map((writer) => repeat(insert(writer))),
      ...message.increment.map((slug) => repeat(increment(slug))),
    ]);
  }
});
await reached(0);
process.send({ type: 'live', storeSeq: (await transport.status()).storeSeq });

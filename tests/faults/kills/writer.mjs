// Writes to a durable store without end and tells its parent of every acknowledgement, until it is killed.
// Arguments: the folder of the compiled store, the data folder, the number of this run.
import { pathToFileURL } from 'node:url';

const [compiled, path, run] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${compiled}/${file}`).href);
const { Store } = await load('store/index.js');
const { openLmdbStorage } = await load('store/lmdb/index.js');

let storage;
try {
  storage = await openLmdbStorage({ path });
} catch ({ kind, detail, message }) {
  process.send({ type: 'refused', kind, detail, message });
  process.disconnect();
  process.exit();
}
const store = new Store({ storage, log: { keep: 500, limit: 2000 } });
process.once('disconnect', () => process.exit());

/** Repeats `write`, each time after the one before was acknowledged. */
const repeat = async (write) => {
  for (let n = 0; ; n++) process.send({ type: 'acknowledged', ...(await write(n)) });
};

const single = (writer) => async (n) => {
  const leaf = { path: `single/${run}/${writer}/${n}`, value: `${writer}-${n}` };
  const { storeSeq } = await store.write({ op: 'set', ...leaf });
  return { leaves: [{ ...leaf, storeSeq }] };
};

const batch = (writer) => async (n) => {
  const size = 1 + ((n * 7) % 60);
  const leaves = Array.from({ length: size }, (_, i) => ({
    path: `batch/${run}/${writer}/${n}/${i}`,
    value: size,
  }));
  const { operations } = await store.writeBatch({
    operations: leaves.map((leaf) => ({ op: 'set', ...leaf })),
  });
  return { leaves: leaves.map((leaf, i) => ({ ...leaf, storeSeq: operations[i].storeSeq })) };
};

const increment = (writer) => async () => {
  const { storeSeq } = await store.write({ op: 'increment', path: `count/${writer}`, value: 1 });
  return { leaves: [], incremented: { path: `count/${writer}`, storeSeq } };
};

await Promise.all([
  ...[0, 1, 2, 3, 4].map((writer) => repeat(single(writer))),
  ...[0, 1].map((writer) => repeat(batch(writer))),
  ...[0, 1].map((writer) => repeat(increment(writer))),
]);

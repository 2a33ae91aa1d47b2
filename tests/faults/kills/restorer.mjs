// A node of a cluster whose log begins behind what its folder holds: it takes a snapshot, and tells its parent of every
// commit meanwhile, until it has taken it or is killed. Arguments: the folder of the compiled sources, the
// data folder, the file of the snapshot and its position.
import { createReadStream } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [compiled, path, file, position] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${compiled}/${name}`).href);
const { openLmdbStorage } = await load('store/lmdb/index.js');
const { Store } = await load('store/index.js');
const { ClusterNode } = await load('cluster/cluster-node.js');
const { MemoryLog } = await load('cluster/logs/memory/memory-log.js');
const { snapshotName } = await load('cluster/snapshots/snapshot-name.js');
await Promise.all([import('lmdb'), import('fs-native-extensions')]);
process.once('disconnect', () => process.exit());

const log = new MemoryLog();
for (let i = 0; i < Number(position); i++) log.append(new Uint8Array());
log.trim(Number(position));
await log.shelf.put(snapshotName(Number(position)), createReadStream(file));

let isDone = false;
const done = (message) => {
  isDone = true;
  process.send(message);
};
try {
  const storage = await openLmdbStorage({ path });
  const commit = storage.commit.bind(storage);
  storage.commit = async (work) => {
    const result = await commit(work);
    if (!isDone) process.send({ type: 'committed' });
    return result;
  };
  let node;
  new Store({ storage, order: (copy) => (node = new ClusterNode(copy, { log: log.connect() })) });
  const look = () => {
    const { state } = node;
    if (state.name === 'halted') done({ type: 'refused', message: state.cause.message });
    else if (state.name === 'following' && state.position === Number(position)) done({ type: 'restored' });
    else setImmediate(look);
  };
  look();
} catch ({ message }) {
  done({ type: 'refused', message });
}

// Opens a data folder, and tells its parent of every turn of the event loop meanwhile, until
// it is open or killed. Arguments: the folder of the compiled store, the data folder.
import { pathToFileURL } from 'node:url';

const [compiled, path] = process.argv.slice(2);
const { openLmdbStorage } = await import(pathToFileURL(`${compiled}/store/lmdb/index.js`).href);
// Loaded before: the turns that are told of are those of the opening.
await Promise.all([import('lmdb'), import('fs-native-extensions')]);
process.once('disconnect', () => process.exit());

let isOpen = false;
const turn = () => {
  if (isOpen) return;
  process.send({ type: 'turn' });
  setImmediate(turn);
};
turn();
try {
  await openLmdbStorage({ path });
  isOpen = true;
  process.send({ type: 'opened' });
} catch ({ message }) {
  isOpen = true;
  process.send({ type: 'refused', message });
}

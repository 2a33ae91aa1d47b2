// Opens a data folder, in a process or a worker thread, and says how it went: `opened`, or how it was refused, and how
// often its event loop turned meanwhile. Then does as it is told: `close` gives the folder back; `end`, `throw` and `exit`
// end without; `write` writes a note and says how that went.
// Arguments: the entry of the package, the data folder.
import { pathToFileURL } from 'node:url';
import { parentPort, threadId, workerData } from 'node:worker_threads';

const [entry, path] = workerData ?? process.argv.slice(2);
const { DataSource, DustEntity, Field, Slug } = await import(pathToFileURL(entry).href);

class Note {}
Slug()(Note.prototype, 'id');
Field('string')(Note.prototype, 'text');
DustEntity('notes')(Note);

const port = parentPort ?? process;
const say = (message) => (parentPort === null ? process.send(message) : parentPort.postMessage(message));
const failure = ({ kind, detail, message }) => ({ type: 'refused', kind, detail, message });

let turns = 0;
const ticking = setInterval(() => turns++, 5);

const dataSource = new DataSource({ path, entities: [Note] });
const opened = await dataSource.initialize().then(
  () => ({ type: 'opened' }),
  (error) => failure(error),
);
clearInterval(ticking);
say({ ...opened, turns, pid: process.pid, threadId });

let written = 0;
const orders = {
  write: async () => {
    const note = { id: `note-${process.pid}-${threadId}-${written++}`, text: 'x' };
    say(
      await dataSource
        .getRepository(Note)
        .insert(note)
        .then(() => ({ type: 'wrote' }), failure),
    );
  },
  close: async () => {
    await dataSource.destroy();
    orders.end();
  },
  end: () => (parentPort === null ? process.disconnect() : parentPort.close()),
  throw: () => {
    setImmediate(() => {
      throw new Error('as it was told');
    });
  },
  exit: () => process.exit(),
};
port.on('message', (order) => void orders[order]());
if (parentPort === null) process.once('disconnect', () => process.exit());

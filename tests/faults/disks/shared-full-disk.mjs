// Shares a folder on a disk without room with the process that has it, writes in each way until all are refused, then again when there is room, and
// prints as JSON what was said. The disk is one in memory, mounted by this program: run it as root, in a mount namespace of its own (`unshare -m`).
// Arguments: the folder of the compiled package, an empty folder to mount the disk on; `owner` for the process that has the folder.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [compiled, disk, role] = process.argv.slice(2);
const { CounterField, DataSource, DustEntity, Field, Slug } = await import(
  pathToFileURL(`${compiled}/index.js`).href
);

class Note {}
Slug()(Note.prototype, 'id');
Field('string')(Note.prototype, 'text');
CounterField()(Note.prototype, 'views');
DustEntity('notes')(Note);

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const open = () =>
  new DataSource({ path: `${disk}/data`, share: true, entities: [Note], logger }).initialize();

/** Each way to write: over the channel, and over HTTP beside it. */
function writesOf(dataSource) {
  const notes = dataSource.getRepository(Note);
  return {
    increment: () => notes.increment('kept', 'views', 1),
    insert: (n) => notes.insert({ id: `n${n}`, text: 'x'.repeat(2000) }),
    lease: async () => (await dataSource.manager.lease('locks/one')).release(),
  };
}

/** Writes in a way until it is refused, and says with what. */
async function refusal(write) {
  for (let n = 0; n < 5000; n++) {
    try {
      await write(n);
    } catch ({ kind, detail, message, retryable }) {
      return { kind, detail, retryable, isTold: message.includes(`${disk}/data`) };
    }
  }
  return undefined;
}

async function refusals(dataSource) {
  const { insert, ...others } = writesOf(dataSource);
  // The one that takes most room takes it from all.
  const refused = { insert: await refusal(insert) };
  for (const [way, write] of Object.entries(others)) refused[way] = await refusal(write);
  return refused;
}

if (role === 'owner') {
  const dataSource = await open();
  process.on('message', async () => process.send(await refusals(dataSource)));
  process.once('disconnect', () => process.exit());
  process.send((await dataSource.transport.status()).shared);
} else {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  const owner = fork(fileURLToPath(import.meta.url), [compiled, disk, 'owner']);
  const report = { owner: (await once(owner, 'message'))[0] };
  const dataSource = await open();
  report.asked = (await dataSource.transport.status()).shared;
  const notes = dataSource.getRepository(Note);
  await notes.insert({ id: 'kept', text: 'kept' });
  report.inMember = await refusals(dataSource);
  owner.send('write');
  [report.inOwner] = await once(owner, 'message');
  const { views } = await notes.findOneByOrFail({ id: 'kept' });
  execFileSync('mount', ['-o', 'remount,size=64m', disk]);
  for (const write of Object.values(writesOf(dataSource))) await write('-with-room');
  report.counted = (await notes.findOneByOrFail({ id: 'kept' })).views - views;
  await dataSource.destroy();
  owner.disconnect();
  await once(owner, 'exit');
  console.log(JSON.stringify(report));
}

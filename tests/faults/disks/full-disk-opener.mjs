// Opens a data folder of an earlier format on a disk with little room, and then on the same disk with room, and prints as JSON how
// that went. The disk is one in memory, mounted by this program: run it as root, in a mount namespace of its own (`unshare -m`).
// Arguments: the folder of the compiled store, the data folder, an empty folder to mount the disk on, the room in KiB.
import { execFileSync } from 'node:child_process';
import { cpSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [compiled, folder, disk, room] = process.argv.slice(2);
const { openLmdbStorage } = await import(pathToFileURL(`${compiled}/store/lmdb/index.js`).href);

const size = Math.ceil(statSync(`${folder}/data.mdb`).size / 1024) + Number(room);
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', disk]);
const path = `${disk}/data`;
cpSync(folder, path, { recursive: true });
const report = { first: 'opened', told: '' };
try {
  await (await openLmdbStorage({ path })).close();
} catch ({ kind, detail, message }) {
  Object.assign(report, { first: `${kind} ${detail}`, told: message });
}
execFileSync('mount', ['-o', 'remount,size=64m', disk]);
const storage = await openLmdbStorage({ path });
report.leafCount = storage.measure().leafCount;
report.leaves = [...storage.leaves.range({})];
await storage.close();
console.log(JSON.stringify(report));

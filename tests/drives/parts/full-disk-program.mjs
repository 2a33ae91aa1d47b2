// Uses a store on a disk without room, then on the same disk with room, and prints as JSON how that went. The disk is one
// in memory, mounted by this program: run it as root, in a mount namespace of its own (`unshare -m`).
// Arguments: the entry of the package, an empty folder to mount the disk on, its size in KiB, what takes room beforehand.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [entry, disk, size, filling = '0'] = process.argv.slice(2);
const { DataSource, DustEntity, Field, Slug } = await import(pathToFileURL(entry).href);

class Note {}
Slug()(Note.prototype, 'id');
Field('string')(Note.prototype, 'text');
DustEntity('notes')(Note);

/** Far more than any of the disks holds. */
const NOTES = 1500;
const inWords = (error) => `${error?.name} ${error?.kind} ${error?.detail}`;
const path = `${disk}/data`;
const open = () => new DataSource({ path, entities: [Note] }).initialize();
const textOf = (i) => `${i}-`.padEnd(i % 7 === 0 ? 20_000 : 300, 'x');

execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', disk]);
writeFileSync(`${disk}/filling`, Buffer.alloc(Number(filling) * 1024));
const notes = new Map();
const report = { size: Number(size), opening: 'opened', writing: {}, closing: 'closed', later: 'opened' };

/** Writes until the disk has refused several notes; remembers what was acknowledged. */
async function write(repository, prefix) {
  for (let i = 0, refused = 0; i < NOTES && refused < 20; i++) {
    try {
      await repository.insert({ id: `${prefix}${i}`, text: textOf(i) });
      notes.set(`${prefix}${i}`, textOf(i));
    } catch (error) {
      refused++;
      report.writing[inWords(error)] = (report.writing[inWords(error)] ?? 0) + 1;
    }
  }
}

async function lost(repository) {
  const found = new Map((await repository.find()).map(({ id, text }) => [id, text]));
  return [...notes].filter(([id, text]) => found.get(id) !== text).length;
}

try {
  const dataSource = await open();
  const repository = dataSource.getRepository(Note);
  await write(repository, 'full');
  report.lostWhileFull = await lost(repository);
  await dataSource.destroy().catch((error) => (report.closing = inWords(error)));
  const again = await open();
  report.lostWhenOpenedFull = await lost(again.getRepository(Note));
  await write(again.getRepository(Note), 'again');
  // Open while there is no room, and still open when there is some.
  execFileSync('mount', ['-o', 'remount,size=64m', disk]);
  const before = Object.keys(report.writing).length;
  await again.getRepository(Note).insert({ id: 'room', text: 'room' });
  notes.set('room', 'room');
  report.newKindsWithRoom = Object.keys(report.writing).length - before;
  await again.destroy();
} catch (error) {
  report.opening = inWords(error);
  execFileSync('mount', ['-o', 'remount,size=64m', disk]);
}
try {
  const dataSource = await open();
  await write(dataSource.getRepository(Note), 'later');
  report.lost = await lost(dataSource.getRepository(Note));
  report.notes = notes.size;
  await dataSource.destroy();
} catch (error) {
  report.later = inWords(error);
}
mkdirSync(`${disk}/done`);
console.log(JSON.stringify(report));

// Writes to a store without end, in the way that its argument names, and tells its parent of all that was acknowledged,
// until it is killed. Arguments: the way, the data folder, a folder for backups, the number of this round.
import { DataSource, silentLogger } from 'dust-orm';
import { openStore } from 'dust-orm/server';
import { Note } from './note.mjs';

const [way, path, backups, round] = process.argv.slice(2);
const tell = (message) => new Promise((resolve) => process.send(message, resolve));
const id = (n) => `${way}-${round}-${n}`;

async function withNotes(work) {
  const dataSource = await new DataSource({ path, entities: [Note], logger: silentLogger }).initialize();
  await work(dataSource.getRepository(Note), dataSource);
}

const update = async (notes, n) => {
  const text = `text ${n} ${'x'.repeat(n % 500)}`;
  await notes.save({ id: id(n % 40), text, count: n });
  await tell({ wrote: [[id(n % 40), text, n]] });
};

const WAYS = {
  updates: () =>
    withNotes(async (notes) => {
      for (let n = 0; ; n++) await update(notes, n);
    }),
  imports: () =>
    withNotes(async (notes) => {
      for (let n = 0; ; n += 300) {
        const made = Array.from({ length: 300 }, (_, i) => ({
          id: id(n + i),
          text: `import ${n + i}`,
          count: i,
        }));
        await notes.insertMany(made);
        await tell({ wrote: made.map(({ id, text, count }) => [id, text, count]) });
      }
    }),
  backups: () =>
    withNotes(async (notes, dataSource) => {
      const backUp = async () => {
        for (let n = 0; ; n++) {
          await tell({ backup: n, stage: 'begun' });
          await dataSource.backup(`${backups}/${id(n)}`);
          await tell({ backup: n, stage: 'done' });
        }
      };
      const write = async () => {
        for (let n = 0; ; n++) await update(notes, n);
      };
      await Promise.all([backUp(), write()]);
    }),
  compaction: async () => {
    const store = await openStore({ path });
    for (let n = 0; ; n++) {
      const [text, count] = [`compacted ${n}`, n];
      await store.write({ op: 'set', path: `notes/${id(n % 30)}`, value: { text, count } });
      await tell({ wrote: [[id(n % 30), text, count]] });
      if (n % 7 === 0) await store.compact({ keep: n % 50 });
    }
  },
};

await WAYS[way]();

import type { Drives } from '../world.js';
import { countsOver, refused, slugOf, whereAble } from '../world.js';

const FILE = new TextEncoder().encode('the same each time');

/** What writes, and what prepares a write, by its name. */
export const WRITES: Drives = {
  create: ({ notes }, lane) => notes.create([{ id: slugOf(lane) }, {}]),
  merge: ({ notes }, lane) => notes.merge(notes.create(), { id: slugOf(lane) }, { text: 'y' }),
  save: async ({ notes }, lane, turn) => {
    const note = await notes.findOneByOrFail({ id: slugOf(lane) });
    note.text = `text ${turn}`;
    await notes.save(note);
  },
  insert: async ({ scraps }, lane, turn) => {
    const scrap = { id: `i${lane}`, text: `${turn}` };
    await scraps.insert(scrap);
    await refused(scraps.insert(scrap, { ifAbsent: true }), 'exists');
  },
  upsert: ({ scraps }, lane, turn) => scraps.upsert({ id: `u${lane}`, text: `${turn}` }, ['id']),
  insertMany: ({ scraps }, lane) =>
    scraps.insertMany([1, 2].map((n) => ({ id: `m${lane}-${n}`, text: 'x' }))),
  update: async ({ notes }, lane, turn) => {
    if (turn % 10 === 0) {
      await refused(notes.update(slugOf(lane), { text: 'y' }, { ifMatch: 1 }), 'conflict');
      return;
    }
    await notes.update(slugOf(lane), { text: `text ${turn}` });
    await notes.update('nobody', { text: 'y' });
  },
  remove: async ({ scraps }, lane) => {
    await scraps.insert({ id: `r${lane}`, text: 'x' });
    await scraps.remove(scraps.create({ id: `r${lane}` }));
  },
  delete: async ({ scraps }, lane) => {
    await scraps.insert({ id: `d${lane}`, text: 'x' });
    await scraps.delete(`d${lane}`);
  },
  softRemove: async ({ scraps }, lane) => {
    await scraps.insert({ id: `s${lane}`, text: 'x', deletedAt: null });
    await scraps.softRemove(scraps.create({ id: `s${lane}` }));
  },
  recover: async ({ scraps }, lane) => {
    await scraps.insert({ id: `v${lane}`, text: 'x' });
    await scraps.recover(scraps.create({ id: `v${lane}` }));
  },
  softDelete: async ({ scraps }, lane) => {
    await scraps.insert({ id: `t${lane}`, text: 'x', deletedAt: null });
    await scraps.softDelete(`t${lane}`);
  },
  restore: async ({ scraps }, lane) => {
    await scraps.insert({ id: `w${lane}`, text: 'x', deletedAt: new Date(0) });
    await scraps.restore(`w${lane}`);
  },
  clear: async ({ rubbish }, lane) => {
    await rubbish.insert({ id: `c${lane}`, text: 'x' });
    await rubbish.clear();
  },
  increment: ({ notes, capabilities }, lane) =>
    whereAble(countsOver(capabilities), notes.increment(slugOf(lane), 'views', 1)),
  decrement: ({ notes, capabilities }, lane) =>
    whereAble(countsOver(capabilities), notes.decrement(slugOf(lane), 'views', 1)),
  addTo: ({ notes, capabilities }, lane, turn) =>
    whereAble(countsOver(capabilities), notes.addTo(slugOf(lane), 'tags', `t${turn % 3}`)),
  removeFrom: ({ notes, capabilities }, lane, turn) =>
    whereAble(countsOver(capabilities), notes.removeFrom(slugOf(lane), 'tags', `t${turn % 3}`)),
};

/** Those of a repository that its manager does not have. */
export const REPOSITORY_ONLY: Drives = {
  metadata: ({ notes }) => notes.metadata,
  revisionOf: ({ notes }) => notes.revisionOf(notes.create()),
  extend: async ({ notes }, lane) => {
    const extended = notes.extend({
      named(id: string) {
        return this.findOneBy({ id });
      },
    });
    await extended.named(slugOf(lane));
  },
  putFile: ({ notes, capabilities }, lane) =>
    whereAble(capabilities.files, notes.putFile(slugOf(lane), 'file', FILE, { filename: 'a.txt' })),
  openFile: ({ notes }, lane) => notes.openFile(slugOf(lane), 'file'),
};

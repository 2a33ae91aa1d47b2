import { ILike, In, MoreThan } from '../../../src/index.js';
import type { Drives } from '../world.js';
import { refused, slugOf } from '../world.js';

const SOME = { where: { rank: MoreThan(3) }, take: 2 };
const POPULATED = { ...SOME, populate: ['above.above'] } as const;

/** What reads, by its name. */
export const READS: Drives = {
  find: ({ notes, signal }, lane) =>
    lane % 2 === 0 ? notes.find({ where: { id: In([slugOf(lane)]) }, signal }) : notes.find(POPULATED),
  findBy: ({ notes }, lane) => notes.findBy({ id: slugOf(lane), text: ILike('%X%') }),
  findOne: ({ notes, signal }, lane) => notes.findOne({ where: { id: slugOf(lane) }, signal }),
  findOneBy: ({ notes }, lane) => notes.findOneBy({ rank: lane }),
  findOneOrFail: ({ notes }, lane, turn) =>
    turn % 2 === 0
      ? notes.findOneOrFail({ where: { id: slugOf(lane) } })
      : refused(notes.findOneOrFail({ where: { id: 'nobody' } }), 'not_found'),
  findOneByOrFail: ({ notes }, lane, turn) =>
    turn % 2 === 0
      ? notes.findOneByOrFail({ id: slugOf(lane) })
      : refused(notes.findOneByOrFail({ id: 'nobody' }), 'not_found'),
  findAndCount: ({ notes }) => notes.findAndCount(SOME),
  findAndCountBy: ({ notes }, lane) => notes.findAndCountBy({ id: slugOf(lane) }),
  findPage: async ({ notes, signal }, _lane, turn) => {
    const page = await notes.findPage({ take: 2, signal });
    if (turn % 2 === 1) await refused(notes.findPage({ after: 'none' }), 'invalid_options');
    else if (page.hasMore) await notes.findPage({ take: 2, after: page.cursor });
  },
  explain: ({ notes }) => notes.explain(SOME),
  exists: ({ notes }) => notes.exists(SOME),
  existsBy: ({ notes }, lane) => notes.existsBy({ id: slugOf(lane) }),
  count: ({ notes }) => notes.count({ where: { rank: MoreThan(3) } }),
  countBy: ({ notes }, lane) => notes.countBy({ id: slugOf(lane) }),
  sum: ({ notes }) => notes.sum('rank', { rank: MoreThan(3) }),
  average: ({ notes }) => notes.average('rank'),
  minimum: ({ notes }) => notes.minimum('rank'),
  maximum: ({ notes }) => notes.maximum('id'),
  getMany: ({ notes }, lane) => notes.getMany([slugOf(lane), 'nobody']),
  preload: ({ notes }, lane) => notes.preload({ id: slugOf(lane), text: 'y' }),
  /** Read to the end, left early, and left by an error. */
  stream: async ({ notes }, _lane, turn) => {
    try {
      for await (const note of notes.stream(turn % 2 === 0 ? {} : { populate: ['above'] })) {
        if (turn % 3 === 1) break;
        if (turn % 3 === 2) throw new Error(note.id);
      }
    } catch (error) {
      if (turn % 3 !== 2) throw error;
    }
  },
};

import fc from 'fast-check';
import { compileQuery, In, MoreThan, Not } from '../../../src/query/index.js';
import { live } from '../../../src/realtime/index.js';
import type { LiveOptions } from '../../../src/realtime/index.js';
import type { FakeTransport } from './support/fake-transport.js';
import type { Note } from './support/notes.js';
import { setUpNotes } from './support/notes.js';
import { settled } from './support/recording-logger.js';
import { sampleSize } from '../../sample-size.js';

type Change = (transport: FakeTransport) => void;

const slug = fc.constantFrom('a', 'a-2', 'a.c', 'b', 'ü', '\u{1f600}');
const rank = fc.constantFrom(0, 1, 2, null);
const title = fc.constantFrom('x', 'y');
const record = fc.record({ title, rank }, { requiredKeys: ['title'] });

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(slug, record).map(
      ([s, value]): Change =>
        (t) =>
          t.commit('set', `notes/${s}`, value),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(slug, record).map(
      ([s, value]): Change =>
        (t) =>
          t.commit('merge', `notes/${s}`, value),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(slug, rank).map(
      ([s, value]): Change =>
        (t) =>
          t.commit('set', `notes/${s}/rank`, value),
    ),
  },
  {
    weight: 2,
    arbitrary: slug.map(
      (s): Change =>
        (t) =>
          t.commit('delete', `notes/${s}`),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(slug, fc.constantFrom('title', 'rank', 'stray')).map(
      ([s, name]): Change =>
        (t) =>
          t.commit('delete', `notes/${s}/${name}`),
    ),
  },
  {
    weight: 1,
    arbitrary: slug.map(
      (s): Change =>
        (t) =>
          t.commit('set', `notes/${s}/stray`, 'unknown'),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.dictionary(slug, record).map(
      (value): Change =>
        (t) =>
          t.commit('set', 'notes', value),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Change>((t) => t.commit('delete', 'notes')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.dictionary(slug, record))
      .map(([seq, records]): Change => (t) => {
        const leaves = Object.entries(records).flatMap(([s, fields]) =>
          Object.entries(fields).map(([name, value]) => [`notes/${s}/${name}`, value] as const),
        );
        t.moveBackTo(seq, Object.fromEntries(leaves));
      }),
  },
);

const options: fc.Arbitrary<LiveOptions<Note>> = fc.record(
  {
    where: fc.constantFrom<NonNullable<LiveOptions<Note>['where']>>(
      { rank: 1 },
      { rank: MoreThan(0) },
      { rank: Not(2), title: 'x' },
      { slug: In(['a', 'ü']) },
      [{ slug: 'b' }, { rank: 0 }],
    ),
    order: fc.constantFrom<NonNullable<LiveOptions<Note>['order']>>(
      { rank: 'ASC' },
      { rank: 'DESC' },
      { title: 'DESC', rank: 'ASC' },
      { slug: 'DESC' },
    ),
    skip: fc.nat(3),
    take: fc.nat(4),
  },
  { requiredKeys: [] },
);

describe('live, for any operations and any find options', () => {
  it('shows what a fresh find gives, and emits only when that changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.array(change, { maxLength: 8 }),
        fc.array(change, { maxLength: 8 }),
        fc.boolean(),
        fc.array(change, { maxLength: 20 }),
        async (findOptions, earlier, meanwhile, readSeesThem, later) => {
          const { context, transport } = setUpNotes();
          const fresh = () => context.reader.find(compileQuery(context.metadata, findOptions));
          for (const apply of earlier) apply(transport);

          const lists: Note[][] = [];
          const once = { changes: meanwhile };
          const apply = () => {
            const { changes } = once;
            once.changes = [];
            for (const each of changes) each(transport);
            return Promise.resolve();
          };
          transport[readSeesThem ? 'beforeRead' : 'afterRead'] = apply;
          const subscription = live(context, findOptions).subscribe((list) => lists.push(list));
          await settled();
          let expected = await fresh();
          expect(lists).toEqual([expected]);

          for (const each of later) {
            lists.length = 0;
            each(transport);
            const now = await fresh();
            expect(lists).toEqual(same(now, expected) ? [] : [now]);
            expected = now;
          }
          subscription.unsubscribe();
          expect(transport.activeWatches).toBe(0);
        },
      ),
      { numRuns: sampleSize(1000) },
    );
  });
});

function same(a: readonly Note[], b: readonly Note[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

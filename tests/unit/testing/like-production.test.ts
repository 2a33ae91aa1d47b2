import { firstValueFrom, ReplaySubject, takeWhile, tap, toArray } from 'rxjs';
import type { DataSource, EntityEvent } from '../../../src/index.js';
import { isDustError } from '../../../src/index.js';
import { createTestDataSource } from '../../../src/testing/index.js';
import { ALL, Link, LIVE, production } from './production.js';

type Use = (dust: DataSource) => Promise<unknown>;

/** What somebody who tries each of these is answered. */
const CALLS: Readonly<Record<string, Use>> = {
  insert: (dust) => dust.manager.insert(Link, { slug: 'b', title: 'B', tags: ['x'] }, { ifAbsent: true }),
  'insert again': (dust) => dust.manager.insert(Link, { slug: 'b', title: 'C' }, { ifAbsent: true }),
  'insert in a batch': (dust) =>
    dust.manager.batch((batch) =>
      batch
        .insert(Link, { slug: 'c', title: 'C' })
        .insert(Link, { slug: 'd', title: 'D' }, { ifAbsent: true }),
    ),
  'count in a batch': (dust) =>
    dust.manager.batch((batch) => batch.update(Link, 'a', { note: 'n' }).increment(Link, 'a', 'views', 1)),
  'update a stale revision': (dust) => dust.manager.update(Link, 'a', { title: 'T' }, { ifMatch: 0.5 }),
  'update at the revision': async (dust) => {
    const link = await dust.manager.findOneByOrFail(Link, { slug: 'a' });
    const ifMatch = dust.getRepository(Link).revisionOf(link);
    await dust.manager.update(Link, 'a', { title: 'A2', note: 'm' }, { ifMatch: ifMatch! });
  },
  increment: (dust) => dust.manager.increment(Link, 'a', 'views', 2),
  'add to a set': (dust) => dust.manager.addTo(Link, 'a', 'tags', 'y'),
  'put a file': (dust) => dust.getRepository(Link).putFile('a', 'icon', 'x', { filename: 'x.txt' }),
  'put a second file': (dust) => dust.getRepository(Link).putFile('b', 'icon', 'x', { filename: 'x.txt' }),
  lease: async (dust) => (await dust.manager.lease('locks/job')).release(),
  watch: (dust) => firstValueFrom(dust.getRepository(Link).live()),
  count: (dust) => dust.manager.count(Link),
};

async function answersOf(dust: DataSource): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [name, use] of Object.entries(CALLS)) {
    answers[name] = await use(dust).then(
      () => 'done',
      (error: unknown) => (isDustError(error) ? `${error.kind}: ${error.message}` : error),
    );
  }
  return answers;
}

const stateOf = ({ slug, title, note, priority, views }: Link): string =>
  [slug, title, note, priority, views].join(' ');

const told = (event: EntityEvent<Link>): string =>
  event.type === 'deleted' ? `${event.slug} is gone` : stateOf(event.entity);

/** The events and lists of a client while it writes. */
async function heardOf(dust: DataSource): Promise<{ events: string[]; lists: string[][] }> {
  const links = dust.getRepository(Link);
  const events = firstValueFrom(
    links.events().pipe(
      takeWhile(({ slug }) => slug !== 'end'),
      toArray(),
    ),
  );
  const begun = new ReplaySubject<undefined>(1);
  const lists = firstValueFrom(
    links.live().pipe(
      tap(() => begun.next(undefined)),
      takeWhile((list) => !list.some(({ slug }) => slug === 'end')),
      toArray(),
    ),
  );
  await firstValueFrom(begun);
  await links.update('a', { title: 'A2', note: 'n' });
  await dust.manager.batch((batch) =>
    batch.update(Link, 'a', { title: 'A3', note: 'm' }).insert(Link, { slug: 'b', title: 'B' }),
  );
  await links.insert({ slug: 'c', title: 'C', note: 'n', views: 3 }, { ifAbsent: true });
  await links.increment('a', 'views', 2);
  await links.delete('b');
  await links.insert({ slug: 'end', title: 'E' });
  return { events: (await events).map(told), lists: (await lists).map((list) => list.map(stateOf)) };
}

describe.each(ALL)('like %s', (like) => {
  it('has the capabilities of that way', async () => {
    await using real = await production(like);
    await using dust = await createTestDataSource({ entities: [Link], like });
    expect(dust.transport.capabilities).toEqual(real.dust.transport.capabilities);
    const status = await real.dust.transport.status();
    expect(await dust.transport.status()).toMatchObject({ state: status.state, readsFrom: status.readsFrom });
  });

  it('does what that way does, and refuses what it refuses in the same words', async () => {
    await using real = await production(like);
    await using dust = await createTestDataSource({ entities: [Link], like, store: 'acme/reading' });
    for (const each of [real.dust, dust]) await each.manager.insert(Link, { slug: 'a', title: 'A' });
    expect(await answersOf(dust)).toEqual(await answersOf(real.dust));
  });
});

it('tells one way from another', async () => {
  const answers: Record<string, Record<string, unknown>> = {};
  for (const like of ALL) {
    await using dust = await createTestDataSource({
      entities: [Link],
      like,
      seed: [[Link, [{ slug: 'a', title: 'A' }]]],
    });
    answers[like] = await answersOf(dust);
  }
  const across = (call: string): unknown[] => ALL.map((like) => answers[like]?.[call]);
  const refused = (why: string): unknown => expect.stringContaining(why);
  expect(across('insert')).toEqual(ALL.map(() => 'done'));
  expect(across('insert again')).toEqual(ALL.map(() => refused('exists: Link "b" exists already')));
  const instead = refused('Call insert(…, { ifAbsent: true }) on the repository first');
  expect(across('insert in a batch')).toEqual(['done', 'done', instead, 'done', instead]);
  expect(across('put a second file').slice(0, 3)).toEqual([
    'done',
    'done',
    refused('crashes on every file but the first'),
  ]);
  const unseen = refused('not_supported: Link: live() needs realtime');
  expect(across('watch')).toEqual(['done', 'done', 'done', unseen, unseen]);
  expect(across('lease').slice(2)).toEqual(['done', refused('not_supported'), refused('not_supported')]);
});

describe.each(LIVE)('like %s', (like) => {
  it('shows of each write what that way shows', async () => {
    await using real = await production(like);
    await using dust = await createTestDataSource({ entities: [Link], like });
    for (const each of [real.dust, dust]) await each.manager.insert(Link, { slug: 'a', title: 'A' });
    const heard = await heardOf(dust);
    expect(heard).toEqual(await heardOf(real.dust));
    expect(heard.lists[0]).toEqual(['a A  normal 0']);
    expect(heard.events.at(-1)).toBe('b is gone');
  });
});

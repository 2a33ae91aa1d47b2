import { firstValueFrom, take, takeWhile, toArray } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EntityEvent, Repository } from '../../../src/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link, MODES } from '../entities.js';

/** The next `count` items: subscribed at once, however late it is awaited. */
const next = <T>(source: Observable<T>, count: number): Promise<T[]> =>
  firstValueFrom(source.pipe(take(count), toArray()));

describeContract(
  'events',
  (context) => {
    describe.each(MODES)('in %s mode', (mode) => {
      let links: Repository<Link>;
      let other: Transport;
      let prefix: string;

      beforeEach(async () => {
        const segments = context.uniquePrefix();
        prefix = segments.join('/');
        const entity = defineLink(segments, mode);
        links = (await context.connect([entity])).getRepository(entity);
        other = await context.otherWriter();
      });

      /** Subscribes, does something, and collects what happened up to a mark that is written behind it. */
      const eventsOf = async (action: () => Promise<unknown>): Promise<EntityEvent<Link>[]> => {
        const seen: EntityEvent<Link>[] = [];
        const marked = new Promise<void>((resolve, reject) => {
          const subscription = links.events().subscribe({
            next: (event) => {
              if (event.slug !== 'the-mark') return seen.push(event);
              subscription.unsubscribe();
              return resolve();
            },
            error: reject,
          });
        });
        await action();
        await other.set(`${prefix}/the-mark`, { title: 'Mark', url: 'https://example.com/' });
        await marked;
        return seen;
      };

      it("one's own writes arrive, in store order, and the last event of each has its place", async () => {
        const results: (number | null)[] = [];
        const events = await eventsOf(async () => {
          results.push((await links.insert(link('a'))).storeSeq);
          results.push((await links.update('a', { note: 'n' })).storeSeq);
          results.push((await links.delete('a')).storeSeq);
        });
        expect(events.every((event) => event.own && event.slug === 'a')).toBe(true);
        const places = events.map((event) => event.storeSeq);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(events.filter(({ storeSeq }) => results.includes(storeSeq))).toMatchObject([
          { type: 'upserted', storeSeq: results[0], entity: { slug: 'a', title: 'Title of a' } },
          { type: 'upserted', storeSeq: results[1], entity: { note: 'n', title: 'Title of a' } },
          { type: 'deleted', storeSeq: results[2] },
        ]);
      });

      it('no event shows a write half done', async () => {
        await links.insert(link('a', { note: 'old', rank: 1 }));
        const events = await eventsOf(() => links.update('a', { note: 'new', rank: 2 }));
        const shown = events.map(
          (event) => event.type === 'upserted' && `${event.entity.note} ${event.entity.rank}`,
        );
        expect(shown.at(-1)).toBe('new 2');
        for (const state of shown) expect(['old 1', 'new 2']).toContain(state);
      });

      it('an insert that must make the record shows it only when it is whole', async () => {
        const onInvalidRecord = jest.fn();
        const source = await context.connect([links.target], { onInvalidRecord });
        const watched = firstValueFrom(
          source
            .getRepository(links.target)
            .events()
            .pipe(
              takeWhile(({ slug }) => slug !== 'b'),
              toArray(),
            ),
        );
        await links.insert(link('a', { note: 'n' }), { ifAbsent: true });
        await links.insert(link('b'));
        const shown = await watched;
        expect(shown.at(-1)).toMatchObject({ type: 'upserted', entity: { title: 'Title of a', note: 'n' } });
        for (const event of shown) expect(event).toHaveProperty('entity.url');
        expect(onInvalidRecord).not.toHaveBeenCalled();
      });

      it('the entity is an instance of the class', async () => {
        const [event] = await eventsOf(() => links.insert(link('a')));
        expect(event?.type === 'upserted' && event.entity).toBeInstanceOf(links.target);
      });

      it("other writers' operations arrive as what they mean for the record", async () => {
        const record = `${prefix}/a`;
        const events = await eventsOf(async () => {
          await other.set(record, { title: 'theirs', url: 'https://example.com/' });
          await other.set(`${record}/note`, 'n');
          await other.merge(record, { rank: 1 });
          await other.delete(`${record}/note`);
          await other.delete(record);
        });
        expect(events).toMatchObject([
          { type: 'upserted', slug: 'a', own: false, entity: { title: 'theirs' } },
          { type: 'upserted', slug: 'a', own: false, entity: { title: 'theirs', note: 'n' } },
          { type: 'upserted', slug: 'a', own: false, entity: { note: 'n', rank: 1 } },
          { type: 'upserted', slug: 'a', own: false, entity: { title: 'theirs', rank: 1 } },
          { type: 'deleted', slug: 'a', own: false },
        ]);
        const withoutNote = events[3];
        expect(withoutNote?.type === 'upserted' && withoutNote.entity.note).toBeFalsy();
      });

      it("another data source's writes are not one's own", async () => {
        const theirs = (await context.connect([links.target as never])).getRepository(links.target);
        expect(await eventsOf(() => theirs.insert(link('a')))).toMatchObject([
          { type: 'upserted', own: false },
        ]);
      });

      it('deleting the prefix deletes every record', async () => {
        await links.insert([link('a'), link('b')]);
        expect(await eventsOf(() => other.delete(prefix))).toMatchObject([
          { type: 'deleted', slug: 'a' },
          { type: 'deleted', slug: 'b' },
        ]);
      });

      it('clear deletes every record', async () => {
        await links.insert([link('a'), link('b')]);
        const events = await eventsOf(() => links.clear());
        expect(events.map(({ type, slug, own }) => [type, slug, own])).toEqual([
          ['deleted', 'a', true],
          ['deleted', 'b', true],
        ]);
      });

      it('replacing a record by a plain value deletes it', async () => {
        await links.insert(link('a'));
        const events = await eventsOf(() => other.set(`${prefix}/a`, 'no record any more'));
        expect(events.map(({ type, slug }) => [type, slug])).toEqual([['deleted', 'a']]);
        expect(await links.find({ where: { slug: 'a' } })).toEqual([]);
      });

      it('replacing an ancestor deletes some records and makes others', async () => {
        await links.insert([link('a'), link('b')]);
        const [parent = '', child = ''] = prefix.split('/');
        const replaced = {
          b: { title: 'new b', url: 'https://example.com/' },
          c: { title: 'new c', url: 'https://example.com/' },
        };
        const events = await eventsOf(() => other.merge(parent, { [child]: replaced }));
        expect(events).toMatchObject([
          { type: 'deleted', slug: 'a' },
          { type: 'upserted', slug: 'b', entity: { title: 'new b' } },
          { type: 'upserted', slug: 'c', entity: { title: 'new c' } },
        ]);
      });

      it('a record replaced by another is one upsert', async () => {
        await links.insert(link('a', { note: 'n' }));
        const events = await eventsOf(() =>
          other.set(`${prefix}/a`, { title: 'new', url: 'https://example.com/' }),
        );
        expect(events).toMatchObject([{ type: 'upserted', slug: 'a', entity: { title: 'new' } }]);
      });

      it('deleting the last field deletes the record', async () => {
        await other.set(`${prefix}/a/title`, 'T');
        await other.set(`${prefix}/a/url`, 'https://example.com/');
        const events = await eventsOf(async () => {
          await other.delete(`${prefix}/a/title`);
          await other.delete(`${prefix}/a/url`);
        });
        // Without its title the record is no entity any more: nobody can be shown it, so nobody hears of it.
        expect(events).toMatchObject([{ type: 'deleted', slug: 'a' }]);
      });

      it('deleting what is not there, and writes elsewhere, are no events', async () => {
        const events = await eventsOf(async () => {
          await other.delete(`${prefix}/missing`);
          await other.set(`${prefix}-neighbour/a/title`, 'T');
          await links.delete('missing');
        });
        expect(events).toEqual([]);
      });

      it('a refused write is no event', async () => {
        await links.insert(link('a'));
        const events = await eventsOf(async () => {
          await links.insert(link('a'), { ifAbsent: true }).catch(() => undefined);
          await links.update('a', { note: 'n' }, { ifMatch: 1 }).catch(() => undefined);
        });
        expect(events).toEqual([]);
      });

      it('two subscribers hear the same, and have instances of their own', async () => {
        const [one, two] = [next(links.events(), 1), next(links.events(), 1)];
        await links.insert(link('a'));
        const [[first], [second]] = await Promise.all([one, two]);
        expect(first).toEqual(second);
        expect(
          first?.type === 'upserted' && second?.type === 'upserted' && first.entity !== second.entity,
        ).toBe(true);
      });

      it('a subscriber that is gone hears nothing more', async () => {
        const seen: unknown[] = [];
        const subscription = links.events().subscribe((event) => seen.push(event));
        await eventsOf(() => links.insert(link('a')));
        subscription.unsubscribe();
        const before = seen.length;
        await eventsOf(() => links.insert(link('b')));
        expect(seen).toHaveLength(before);
      });

      it('rawEvents gives the operations themselves', async () => {
        const operations = next(links.rawEvents(), 2);
        await other.set(`${prefix}/a/title`, 'T');
        await other.delete(`${prefix}/a`);
        expect(await operations).toMatchObject([
          { op: 'set', path: `${prefix}/a/title`, value: 'T', deviceId: other.deviceId },
          { op: 'delete', path: `${prefix}/a`, value: null },
        ]);
      });

      it('rawEvents takes a pattern, and refuses one that is none', async () => {
        const titles = next(links.rawEvents(`${prefix}/*/title`), 1);
        await other.set(`${prefix}/a/url`, 'https://example.com/');
        await other.set(`${prefix}/a/title`, 'T');
        expect(await titles).toMatchObject([{ path: `${prefix}/a/title` }]);
        await expect(next(links.rawEvents('a/**/b'), 1)).rejects.toMatchObject({ kind: 'invalid_params' });
      });
    });
  },
  { needs: 'realtime' },
);

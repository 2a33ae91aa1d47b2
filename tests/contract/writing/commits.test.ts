import { EventEmitter } from 'node:events';
import { filter, firstValueFrom, map, ReplaySubject } from 'rxjs';
import type { DataSource, EntityEvent, Repository } from '../../../src/index.js';
import { EventBridge, MoreThan, sseStream } from '../../../src/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem, MODES } from '../entities.js';

const TURNS = 8;

describeContract(
  'commits',
  (context) => {
    describe.each(MODES)('in %s mode', (mode) => {
      let dataSource: DataSource;
      let items: Repository<Item>;
      let prefix: string;
      let release: (() => void)[];

      beforeEach(async () => {
        const segments = context.uniquePrefix();
        prefix = segments.join('/');
        dataSource = await context.connect([defineItem(segments, mode)]);
        items = dataSource.getRepository<Item>(dataSource.options.entities[0] as typeof items.target);
        await items.insertMany([
          { slug: 'a', rank: 1, name: 'n' },
          { slug: 'b', rank: 1, name: 'n' },
          { slug: 'c', rank: 1, name: 'n' },
        ]);
        release = [];
      });

      afterEach(() => {
        for (const each of release) each();
      });

      const shown = (event: EntityEvent<Item>): string =>
        event.type === 'deleted' ? `${event.slug} gone` : `${event.slug}=${event.entity.rank}`;

      /** Follows events and lists; `until` resolves when an event of this slug has come. */
      const follow = async () => {
        const ended = new ReplaySubject<string>();
        const events: EntityEvent<Item>[] = [];
        const lists: string[] = [];
        const begun = new ReplaySubject<void>();
        const eventing = items.events().subscribe((event) => {
          events.push(event);
          ended.next(event.slug);
        });
        const listing = items.live().subscribe((list) => {
          lists.push(list.map(({ slug, rank }) => `${slug}=${rank}`).join(' '));
          begun.next();
        });
        release.push(() => {
          eventing.unsubscribe();
          listing.unsubscribe();
        });
        await firstValueFrom(begun);
        lists.length = 0;
        const until = async (slug: string): Promise<void> => {
          await firstValueFrom(ended.pipe(filter((other) => other === slug)));
        };
        return { events, lists, until };
      };

      const sent = (rank: number): Promise<unknown> =>
        dataSource.manager.batch((batch) => {
          batch.update(items.target, 'b', { rank, name: 'sent' });
          batch.update(items.target, 'a', { rank, name: 'sent' });
        });

      it('of two records have one event for each, in their order, and one list', async () => {
        const { events, lists, until } = await follow();
        await sent(2);
        await items.insert({ slug: 'end', rank: 0 });
        await until('end');
        expect(events.map(shown)).toEqual(['a=2', 'b=2', 'end=0']);
        expect(events[0]?.storeSeq).toBe(events[1]?.storeSeq);
        expect(lists).toEqual(['a=2 b=2 c=1', 'a=2 b=2 c=1 end=0']);
      });

      it('of one record that swaps from a revision have one event and one list', async () => {
        const { events, lists, until } = await follow();
        const revision = items.revisionOf(await items.findOneByOrFail({ slug: 'a' }));
        await items.update('a', { rank: 5, name: null }, { ifMatch: revision! });
        await items.insert({ slug: 'end', rank: 0 });
        await until('end');
        expect(events.map(shown)).toEqual(['a=5', 'end=0']);
        expect(lists).toEqual(['a=5 b=1 c=1', 'a=5 b=1 c=1 end=0']);
      });

      it('that make and remove a record say nothing of it, and show no list', async () => {
        const { events, lists, until } = await follow();
        await dataSource.manager.batch((batch) => {
          batch.insert(items.target, { slug: 'brief', rank: 1 });
          batch.delete(items.target, 'brief');
        });
        await items.insert({ slug: 'end', rank: 0 });
        await until('end');
        expect(events.map(shown)).toEqual(['end=0']);
        expect(lists).toEqual(['a=1 b=1 c=1 end=0']);
      });

      it('show no list where they change nothing that it shows', async () => {
        const lists: number[] = [];
        const done = new ReplaySubject<void>();
        const listing = items.live({ where: { rank: MoreThan(9) } }).subscribe((list) => {
          lists.push(list.length);
          done.next();
        });
        release.push(() => listing.unsubscribe());
        await firstValueFrom(done);
        await sent(3);
        await items.update('c', { rank: 10 });
        await firstValueFrom(done.pipe(filter(() => lists.at(-1) === 1)));
        expect(lists).toEqual([0, 1]);
      });

      it('that delete a prefix have one event for each record and one list', async () => {
        const { events, lists, until } = await follow();
        await dataSource.transport.delete(prefix);
        await items.insert({ slug: 'end', rank: 0 });
        await until('end');
        expect(events.map(shown)).toEqual(['a gone', 'b gone', 'c gone', 'end=0']);
        expect(lists).toEqual(['', 'end=0']);
      });

      it('are told to every operation that belongs to them', async () => {
        const operations = new ReplaySubject<{
          storeSeq: number;
          first: number;
          last: number;
          slug: string;
        }>();
        const listening = items
          .rawEvents()
          .pipe(
            map(({ storeSeq, commit, path }) => ({
              storeSeq,
              first: commit?.first ?? 0,
              last: commit?.last ?? 0,
              slug: path.slice(prefix.length + 1).split('/')[0] ?? '',
            })),
          )
          .subscribe(operations);
        release.push(() => listening.unsubscribe());
        const heard: { storeSeq: number; first: number; last: number; slug: string }[] = [];
        release.push(
          (
            (subscription) => () =>
              subscription.unsubscribe()
          )(operations.subscribe((each) => heard.push(each))),
        );
        await sent(4);
        await items.insert({ slug: 'end', rank: 0 });
        await firstValueFrom(operations.pipe(filter(({ slug }) => slug === 'end')));
        const ofBatch = heard.filter(({ slug }) => slug === 'a' || slug === 'b');
        const seqs = ofBatch.map(({ storeSeq }) => storeSeq);
        expect(new Set(ofBatch.map(({ slug }) => slug))).toEqual(new Set(['a', 'b']));
        for (const { first, last } of ofBatch) {
          expect({ first, last }).toEqual({ first: Math.min(...seqs), last: Math.max(...seqs) });
        }
      });

      it('reach event emitters and browsers as they reach subscribers', async () => {
        const bus = new EventEmitter();
        const bridge = new EventBridge({ source: items, bus, topic: 'items' });
        const onBus: string[] = [];
        bus.on('items', (event: EntityEvent<Item>) => onBus.push(shown(event)));
        bridge.start();
        release.push(() => bridge.stop());
        const inBrowser: string[] = [];
        const ended = new ReplaySubject<void>();
        const streaming = sseStream(items.events(), { heartbeatMs: 0 }).subscribe(({ data }) => {
          const event: EntityEvent<Item> = JSON.parse(data);
          inBrowser.push(shown(event));
          if (event.slug === 'end') ended.next();
        });
        release.push(() => streaming.unsubscribe());
        await sent(6);
        await items.insert({ slug: 'end', rank: 0 });
        await firstValueFrom(ended);
        expect([onBus, inBrowser]).toEqual([
          ['a=6', 'b=6', 'end=0'],
          ['a=6', 'b=6', 'end=0'],
        ]);
      });

      it('of two clients at once are never seen in parts', async () => {
        const other = await context.otherWriter();
        const seen: string[] = [];
        const events: EntityEvent<Item>[] = [];
        const ended = new ReplaySubject<string>();
        const watching = items
          .live()
          .pipe(map((list) => list.filter(({ slug }) => slug === 'a' || slug === 'b')))
          .subscribe((list) => seen.push([...new Set(list.map(({ rank }) => rank))].join(' ')));
        const eventing = items.events().subscribe((event) => {
          if (event.slug === 'end') ended.next(event.slug);
          else events.push(event);
        });
        release.push(() => {
          watching.unsubscribe();
          eventing.unsubscribe();
        });
        const both = (transport: Transport, rank: number): Promise<unknown> =>
          transport.batchWrite([
            { op: 'set', path: `${prefix}/b/rank`, value: rank },
            { op: 'set', path: `${prefix}/a/rank`, value: rank },
          ]);
        const reads: string[] = [];
        const read = async (): Promise<void> => {
          const found = await items.getMany(['a', 'b']);
          reads.push([...new Set(found.map((item) => item?.rank))].join(' '));
        };
        for (let turn = 1; turn <= TURNS; turn++) {
          await Promise.all([both(dataSource.transport, 100 + turn), both(other, 200 + turn), read()]);
        }
        await items.insert({ slug: 'end', rank: 0 });
        await firstValueFrom(ended);
        for (const ranks of seen) expect(ranks).toMatch(/^\d+$/);
        expect(events).toHaveLength(2 * 2 * TURNS);
        for (let i = 0; i < events.length; i += 2) {
          const [one, two] = [events[i], events[i + 1]];
          expect([one?.slug, two?.slug, one?.storeSeq]).toEqual(['a', 'b', two?.storeSeq]);
          expect(one && shown(one).slice(2)).toBe(two && shown(two).slice(2));
        }
        if (context.capabilities.localReads) for (const ranks of reads) expect(ranks).toMatch(/^\d+$/);
      });
    });
  },
  { needs: 'realtime' },
);

import { ReplaySubject, firstValueFrom, filter } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import { MoreThan } from '../../../src/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem, MODES } from '../entities.js';

describeContract(
  'live queries',
  (context) => {
    describe.each(MODES)('in %s mode', (mode) => {
      let items: Repository<Item>;
      let other: Transport;
      let prefix: string;
      let release: (() => void)[];

      beforeEach(async () => {
        const segments = context.uniquePrefix();
        prefix = segments.join('/');
        const entity = defineItem(segments, mode);
        items = (await context.connect([entity])).getRepository(entity);
        other = await context.otherWriter();
        release = [];
      });

      afterEach(() => {
        for (const unsubscribe of release) unsubscribe();
      });

      /** Follows a live list as a text of slugs; `until` waits for a state, `seen` is every state so far. */
      const follow = (source: Observable<Item[]>) => {
        const states = new ReplaySubject<string>();
        const seen: string[] = [];
        const subscription = source.subscribe({
          next: (list) => {
            const state = list.map((item) => item.slug).join('');
            seen.push(state);
            states.next(state);
          },
          error: (error: unknown) => states.error(error),
        });
        release.push(() => subscription.unsubscribe());
        const until = (state: string): Promise<string> =>
          firstValueFrom(states.pipe(filter((other) => other === state)));
        return { seen, until, subscription };
      };

      const add = (slug: string, rank: number): Promise<unknown> => items.insert({ slug, rank });

      it('begins with what is there and goes on with every change', async () => {
        await add('b', 1);
        const { seen, until } = follow(items.live());
        await until('b');
        await add('a', 1);
        await until('ab');
        await items.delete('b');
        await until('a');
        await items.delete('a');
        await until('');
        expect(seen).toEqual(['b', 'ab', 'a', '']);
      });

      it('begins with an empty list where there is nothing', async () => {
        const { until } = follow(items.live());
        expect(await until('')).toBe('');
      });

      it("hears of other writers' operations", async () => {
        const { until } = follow(items.live());
        await until('');
        await other.set(`${prefix}/a`, { rank: 1 });
        await until('a');
        await other.delete(prefix);
        await until('');
      });

      it('loses nothing that is written while it begins, and shows nothing twice', async () => {
        await add('a', 1);
        const { seen, until } = follow(items.live());
        await Promise.all([add('b', 1), add('c', 1), other.set(`${prefix}/d`, { rank: 1 })]);
        await until('abcd');
        for (const state of seen) expect(new Set(state).size).toBe(state.length);
        for (const [i, state] of seen.slice(1).entries()) {
          expect(state.split('')).toEqual(expect.arrayContaining((seen[i] ?? '').split('')));
        }
      });

      it('shows records that come to match and drops those that cease to', async () => {
        await add('a', 1);
        await add('b', 5);
        const { until } = follow(items.live({ where: { rank: MoreThan(3) } }));
        await until('b');
        await items.update('a', { rank: 4 });
        await until('ab');
        await items.update('b', { rank: 0 });
        await until('a');
      });

      it('keeps its order', async () => {
        await add('a', 1);
        await add('b', 2);
        const { until } = follow(items.live({ order: { rank: 'DESC' } }));
        await until('ba');
        await items.update('a', { rank: 3 });
        await until('ab');
      });

      it('lets records slide into its window and out of it', async () => {
        for (const [index, slug] of ['a', 'b', 'c', 'd'].entries()) await add(slug, index);
        const { until } = follow(items.live({ order: { rank: 'ASC' }, skip: 1, take: 2 }));
        await until('bc');
        await items.delete('a');
        await until('cd');
        await add('e', -1);
        await until('bc');
        await items.update('c', { rank: 99 });
        await until('bd');
      });

      it('says nothing about changes it does not show', async () => {
        await add('a', 5);
        const { seen, until } = follow(items.live({ where: { rank: MoreThan(3) } }));
        await until('a');
        await add('b', 1);
        await other.delete(`${prefix}/missing`);
        await other.set(`${prefix}-neighbour/x/rank`, 9);
        await add('c', 9);
        await until('ac');
        expect(seen).toEqual(['a', 'ac']);
      });

      it('shows changes inside its records', async () => {
        await add('a', 1);
        const names = new ReplaySubject<string | null | undefined>();
        const subscription = items.live().subscribe(([first]) => names.next(first?.name));
        release.push(() => subscription.unsubscribe());
        await firstValueFrom(names);
        await items.update('a', { name: 'changed' });
        expect(await firstValueFrom(names.pipe(filter((name) => name === 'changed')))).toBe('changed');
      });

      it('ends with its subscription', async () => {
        const { seen, until, subscription } = follow(items.live());
        await until('');
        subscription.unsubscribe();
        const witness = follow(items.live());
        await add('a', 1);
        await witness.until('a');
        expect(seen).toEqual(['']);
      });

      it('liveOne follows one record, through its absence', async () => {
        const ranks = new ReplaySubject<number | null>();
        const subscription = items
          .liveOne('a')
          .subscribe((item) => ranks.next(item === null ? null : item.rank));
        release.push(() => subscription.unsubscribe());
        const until = (rank: number | null): Promise<unknown> =>
          firstValueFrom(ranks.pipe(filter((other) => other === rank)));
        expect(await firstValueFrom(ranks)).toBeNull();
        await add('b', 7);
        await add('a', 1);
        await until(1);
        await items.update('a', { rank: 2 });
        await until(2);
        await items.delete('a');
        const seen: (number | null)[] = [];
        ranks.subscribe((rank) => seen.push(rank));
        await firstValueFrom(ranks.pipe(filter(() => seen.length === 4)));
        expect(seen).toEqual([null, 1, 2, null]);
      });

      it('refuses options that find would refuse', async () => {
        await expect(firstValueFrom(items.live({ where: { colour: 1 } as never }))).rejects.toMatchObject({
          kind: 'invalid_criteria',
        });
        await expect(firstValueFrom(items.liveOne(''))).rejects.toMatchObject({ kind: 'invalid_criteria' });
      });
    });
  },
  { needs: 'realtime' },
);

import type { DataSource, Repository } from '../../../src/index.js';
import { isDustError } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link } from '../entities.js';

describeContract(
  'disorder',
  (context) => {
    let dataSource: DataSource;
    let links: Repository<Link>;

    beforeEach(async () => {
      const entity = defineLink(context.uniquePrefix());
      dataSource = await context.connect([entity]);
      links = dataSource.getRepository(entity);
    });

    it('a subscriber may leave in its own handler; the others stay', async () => {
      const once: string[] = [];
      const all: string[] = [];
      const leaving = links.events().subscribe(({ slug }) => {
        once.push(slug);
        leaving.unsubscribe();
      });
      const done = new Promise<void>((resolve) => {
        links.events().subscribe(({ slug }) => {
          all.push(slug);
          if (slug === 'b') resolve();
        });
      });
      await links.insert(link('a'));
      await links.insert(link('b'));
      await done;
      expect(once).toEqual(['a']);
      expect(all).toEqual(['a', 'b']);
    });

    it('a subscriber may write in its own handler', async () => {
      const seen: string[] = [];
      const done = new Promise<void>((resolve, reject) => {
        links.events().subscribe(({ slug }) => {
          seen.push(slug);
          if (slug === 'a') links.insert(link('echo')).catch(reject);
          else resolve();
        });
      });
      await links.insert(link('a'));
      await done;
      expect(seen).toEqual(['a', 'echo']);
    });

    it('destroy settles every write: done and whole, or refused and absent', async () => {
      const slugs = Array.from({ length: 60 }, (_, i) => `w${i}`);
      const early = slugs.slice(0, 30).map((slug) => links.insert(link(slug)));
      await Promise.race(early);
      const late = slugs.slice(30).map((slug) => links.insert(link(slug)));
      const destroyed = dataSource.destroy();
      const outcomes = await Promise.allSettled([...early, ...late]);
      await destroyed;
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(isDustError(outcome.reason, 'closed')).toBe(true);
      }
      await dataSource.initialize();
      const whole = await links.find();
      const stored = slugs.filter((_, i) => outcomes[i]?.status === 'fulfilled');
      expect(stored.length).toBeGreaterThan(0);
      expect(whole.map(({ slug }) => slug).sort()).toEqual(stored.sort());
    });

    it('destroy in the middle of insertMany keeps whole chunks and says how many records', async () => {
      const records = Array.from({ length: 300 }, (_, i) => link(`m${String(i).padStart(3, '0')}`));
      let destroyed: Promise<void> | undefined;
      const inserting = links.insertMany(records, {
        chunkSize: 50,
        onProgress: ({ done }) => {
          if (done === 100) destroyed = dataSource.destroy();
        },
      });
      await expect(inserting).rejects.toMatchObject({ name: 'BulkInsertError', kind: 'closed', landed: 100 });
      await destroyed;
      await dataSource.initialize();
      expect(await links.count()).toBe(100);
    });

    it('destroy completes a live query that has not read its list yet', async () => {
      const seen: string[] = [];
      const completed = new Promise<void>((resolve, reject) => {
        links.live().subscribe({ complete: resolve, error: reject, next: () => seen.push('list') });
      });
      await dataSource.destroy();
      await completed;
      expect(seen.length).toBeLessThanOrEqual(1);
    });

    it('two live queries of one class go their own ways', async () => {
      const states = (): { all: number[]; reached: (count: number) => Promise<void>; stop: () => void } => {
        const all: number[] = [];
        const waiting: [number, () => void][] = [];
        const subscription = links.live().subscribe((list) => {
          all.push(list.length);
          for (const [count, resolve] of waiting) if (count === list.length) resolve();
        });
        return {
          all,
          reached: (count) =>
            all.at(-1) === count
              ? Promise.resolve()
              : new Promise((resolve) => waiting.push([count, resolve])),
          stop: () => {
            subscription.unsubscribe();
          },
        };
      };
      const first = states();
      const second = states();
      await Promise.all([first.reached(0), second.reached(0)]);
      await links.insert(link('a'));
      await Promise.all([first.reached(1), second.reached(1)]);
      first.stop();
      await links.insert(link('b'));
      await second.reached(2);
      expect(first.all).toEqual([0, 1]);
      expect(second.all).toEqual([0, 1, 2]);
      second.stop();
    });
  },
  { needs: 'realtime' },
);

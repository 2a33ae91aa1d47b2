import type { Repository } from '../../../src/index.js';
import { DustEntity, Field, Slug } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link, MODES } from '../entities.js';

/** More leaves than a page of a listing takes. */
const LEAVES = 1200;

const TURNS = 6;

function defineAtlas(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix, mode })
  class Atlas {
    @Slug() slug!: string;
    @Field({ type: 'json' }) places?: Record<string, number>;
  }
  return Atlas;
}

type Atlas = InstanceType<ReturnType<typeof defineAtlas>>;

/** As many places as leaves, all of one edition. */
const edition = (number: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: LEAVES }, (_, i) => [`place-${i}`, number]));

describeContract('several clients', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let mine: Repository<Link>;
    let theirs: Repository<Link>;

    beforeEach(async () => {
      const entity = defineLink(context.uniquePrefix(), mode);
      mine = (await context.connect([entity])).getRepository(entity);
      theirs = (await context.connect([entity])).getRepository(entity);
    });

    /** The outcomes of the same call made by both at once, two times each. */
    const race = (call: (links: Repository<Link>, title: string) => Promise<unknown>) =>
      Promise.allSettled([
        call(mine, 'mine'),
        call(theirs, 'theirs'),
        call(mine, 'mine again'),
        call(theirs, 'theirs again'),
      ]);

    const TITLES = ['mine', 'theirs', 'mine again', 'theirs again'];

    /** The title of the one that won, after a check that the others failed with `kind`. */
    const winnerOf = (outcomes: readonly PromiseSettledResult<unknown>[], kind: string) => {
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost).toHaveLength(outcomes.length - 1);
      for (const { reason } of lost) expect(reason).toMatchObject({ kind });
      return TITLES[outcomes.findIndex(({ status }) => status === 'fulfilled')];
    };

    it('that swap from one revision at once: exactly one wins, whole', async () => {
      const { revision } = await mine.insert(link('a', { note: 'old', rank: 1 }));
      const outcomes = await race((links, title) =>
        links.update('a', { title, note: title }, { ifMatch: revision! }),
      );
      const title = winnerOf(outcomes, 'conflict');
      expect(await mine.findOneBy({ slug: 'a' })).toMatchObject({ title, note: title, rank: 1 });
    });

    it('that claim one slug at once: exactly one wins, whole', async () => {
      const outcomes = await race((links, title) =>
        links.insert(link('a', { title, note: title }), { ifAbsent: true }),
      );
      const title = winnerOf(outcomes, 'exists');
      expect(await theirs.find()).toMatchObject([{ slug: 'a', title, note: title }]);
    });

    it('that are refused because of what others wrote see what they wrote', async () => {
      for (let i = 0; i < 4; i++) {
        const slug = `claimed-${i}`;
        const { revision } = await mine.insert(link(slug, { title: 'mine' }));
        const insert = theirs.insert(link(slug), { ifAbsent: true });
        await expect(insert).rejects.toMatchObject({ kind: 'exists' });
        expect(await theirs.existsBy({ slug })).toBe(true);
        expect(await theirs.update(slug, { note: 'theirs' })).toMatchObject({ affected: 1 });
        await mine.update(slug, { title: 'changed' });
        const swap = theirs.update(slug, { title: 'theirs' }, { ifMatch: revision! });
        await expect(swap).rejects.toMatchObject({ kind: 'conflict' });
        expect(await theirs.findOneBy({ slug })).toMatchObject({ title: 'changed', note: 'theirs' });
      }
    });

    it('that delete and change at one revision at once: exactly one wins', async () => {
      const { revision: ifMatch } = await mine.insert(link('a'));
      const [deleted, changed] = await Promise.allSettled([
        mine.delete('a', { ifMatch: ifMatch! }),
        theirs.update('a', { note: 'changed' }, { ifMatch: ifMatch! }),
      ]);
      expect([deleted.status, changed.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect(await mine.count()).toBe(deleted.status === 'fulfilled' ? 0 : 1);
    });

    it('that write fields of one record at once lose nothing that others wrote', async () => {
      await mine.insert(link('a'));
      await Promise.all([mine.update('a', { note: 'mine' }), theirs.insert(link('b', { note: 'theirs' }))]);
      expect(await theirs.find()).toMatchObject([
        { slug: 'a', note: 'mine' },
        { slug: 'b', note: 'theirs' },
      ]);
    });
  });

  it.each(MODES)(
    'one that reads a record of more than a page while another writes it mixes no versions, in %s mode',
    async (mode) => {
      const entity = defineAtlas(context.uniquePrefix(), mode);
      const writer = (await context.connect([entity])).getRepository(entity);
      const reader = (await context.connect([entity])).getRepository(entity);
      await writer.insert({ slug: 'a', places: edition(0) });

      const rewrite = async (): Promise<void> => {
        for (let turn = 1; turn <= TURNS; turn++) await writer.insert({ slug: 'a', places: edition(turn) });
      };
      const seen: (Atlas | undefined)[] = [];
      const read = async (): Promise<void> => {
        for (let turn = 1; turn <= TURNS; turn++) {
          seen.push((await reader.find())[0], await reader.findOneByOrFail({ slug: 'a' }));
        }
      };
      await Promise.all([rewrite(), read()]);

      expect(seen).toHaveLength(2 * TURNS);
      for (const atlas of seen) {
        const numbers = Object.values(atlas?.places ?? {});
        expect(numbers).toHaveLength(LEAVES);
        expect(new Set(numbers).size).toBe(1);
      }
    },
  );
});

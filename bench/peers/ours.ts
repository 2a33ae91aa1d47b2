import { join } from 'node:path';
import { Between, DataSource, MoreThan } from 'dust-orm';
import { OurLink } from './link.js';
import type { LinkValues } from './link.js';
import type { Rival } from './rival.js';

/** Ours, and whether its reads go by indexes. */
export async function openOurs(
  folder: string | undefined,
): Promise<Rival & { readonly hasIndexes: boolean }> {
  const dataSource = await new DataSource({
    entities: [OurLink],
    logging: false,
    ...(folder === undefined ? {} : { path: join(folder, 'dust') }),
  }).initialize();
  const links = dataSource.getRepository(OurLink);
  const made = (values: LinkValues): OurLink => Object.assign(new OurLink(), values);
  return {
    name: 'dust-orm',
    hasIndexes: dataSource.transport.capabilities.indexes === true,
    insertMany: async (values) => {
      await links.insertMany(values.map(made));
    },
    insert: async (values) => {
      await links.insert(made(values));
    },
    find: (slug) => links.findOneBy({ slug }),
    page: (after, take) => links.find({ where: { slug: MoreThan(after) }, order: { slug: 'ASC' }, take }),
    findByUrl: (url) => links.findOneBy({ url }),
    newest: (take) => links.find({ order: { addedAt: 'DESC' }, take }),
    countRanks: (from, to) => links.countBy({ rank: Between(from, to) }),
    update: async (slug, note) => {
      await links.update(slug, { note });
    },
    change: async (slug, title) => {
      const link = await links.findOneByOrFail({ slug });
      link.title = title;
      await links.save(link);
    },
    all: () => links.find(),
    delete: async (slug) => {
      await links.delete(slug);
    },
    clear: async () => {
      await links.clear();
    },
    close: () => dataSource.destroy(),
  };
}

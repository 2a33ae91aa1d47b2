import { Rules } from './link.js';
import type { OpenRival } from './rival.js';
import { CHUNK, checkValid, valid } from './rival.js';
import type { Load } from '../scratch.js';
import { DURABLE, fileOf } from './sqlite.js';
import type { Database } from './sqlite.js';

class TypeOrmLink extends Rules {}

/** The part of TypeORM that is used here. */
interface TypeOrm {
  readonly EntitySchema: new (options: object) => object;
  readonly DataSource: new (options: object) => {
    initialize(): Promise<unknown>;
    destroy(): Promise<void>;
    getRepository(entity: unknown): Repository;
    transaction(
      work: (manager: { getRepository(entity: unknown): Repository }) => Promise<void>,
    ): Promise<void>;
  };
  MoreThan(value: unknown): unknown;
  Between(from: unknown, to: unknown): unknown;
}

interface Repository {
  insert(values: object): Promise<unknown>;
  save(entity: object): Promise<unknown>;
  find(options?: object): Promise<TypeOrmLink[]>;
  findOneBy(where: object): Promise<TypeOrmLink | null>;
  findOneByOrFail(where: object): Promise<TypeOrmLink>;
  countBy(where: object): Promise<number>;
  update(where: object, values: object): Promise<unknown>;
  delete(where: object): Promise<unknown>;
  clear(): Promise<unknown>;
}

/** TypeORM on better-sqlite3. */
export function typeOrm(load: Load): OpenRival {
  load('reflect-metadata');
  const { EntitySchema, DataSource, MoreThan, Between } = load('typeorm') as TypeOrm;
  const schema = new EntitySchema({
    name: 'TypeOrmLink',
    target: TypeOrmLink,
    columns: {
      slug: { type: 'varchar', primary: true },
      title: { type: 'varchar' },
      url: { type: 'varchar' },
      note: { type: 'varchar', nullable: true },
      rank: { type: 'integer', nullable: true },
      read: { type: 'boolean', nullable: true },
      addedAt: { type: 'datetime' },
    },
    indices: [{ columns: ['url'] }, { columns: ['rank'] }, { columns: ['addedAt'] }],
  });
  return async (folder) => {
    const dataSource = new DataSource({
      type: 'better-sqlite3',
      database: fileOf(folder, 'typeorm'),
      entities: [schema],
      synchronize: true,
      prepareDatabase: (db: Database) => {
        for (const pragma of DURABLE) db.pragma(pragma);
      },
    });
    await dataSource.initialize();
    const links = dataSource.getRepository(TypeOrmLink);
    return {
      name: 'TypeORM',
      insertMany: async (values) => {
        await dataSource.transaction(async (manager) => {
          const own = manager.getRepository(TypeOrmLink);
          for (let i = 0; i < values.length; i += CHUNK) {
            const chunk: TypeOrmLink[] = [];
            for (const each of values.slice(i, i + CHUNK)) chunk.push(await valid(TypeOrmLink, each));
            await own.insert(chunk);
          }
        });
      },
      insert: async (values) => {
        await links.insert(await valid(TypeOrmLink, values));
      },
      find: (slug) => links.findOneBy({ slug }),
      page: (after, take) => links.find({ where: { slug: MoreThan(after) }, order: { slug: 'ASC' }, take }),
      findByUrl: (url) => links.findOneBy({ url }),
      newest: (take) => links.find({ order: { addedAt: 'DESC' }, take }),
      countRanks: (from, to) => links.countBy({ rank: Between(from, to) }),
      update: async (slug, note) => {
        await links.update({ slug }, { note });
      },
      change: async (slug, title) => {
        const link = await links.findOneByOrFail({ slug });
        link.title = title;
        await checkValid(link);
        await links.save(link);
      },
      all: () => links.find(),
      delete: async (slug) => {
        await links.delete({ slug });
      },
      clear: async () => {
        await links.clear();
      },
      close: () => dataSource.destroy(),
    };
  };
}

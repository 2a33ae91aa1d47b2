import { Rules } from './link.js';
import type { OpenRival } from './rival.js';
import { CHUNK, checkValid, valid } from './rival.js';
import type { Load } from '../scratch.js';
import { DURABLE, fileOf } from './sqlite.js';

class MikroLink extends Rules {}

/** The part of MikroORM that is used here. */
interface MikroOrm {
  readonly EntitySchema: new (options: object) => object;
}

interface Driver {
  readonly MikroORM: { init(options: object): Promise<Orm> };
}

interface Orm {
  readonly em: EntityManager;
  readonly schema: { createSchema(): Promise<void> };
  close(force: boolean): Promise<void>;
}

interface EntityManager {
  fork(): EntityManager;
  flush(): Promise<void>;
  getConnection(): { execute(sql: string): Promise<unknown> };
  transactional(work: (em: EntityManager) => Promise<void>): Promise<void>;
  insert(entity: object): Promise<unknown>;
  insertMany(entities: readonly object[]): Promise<unknown>;
  find(type: unknown, where: object, options?: object): Promise<MikroLink[]>;
  findOne(type: unknown, where: object): Promise<MikroLink | null>;
  findOneOrFail(type: unknown, where: object): Promise<MikroLink>;
  count(type: unknown, where: object): Promise<number>;
  nativeUpdate(type: unknown, where: object, values: object): Promise<unknown>;
  nativeDelete(type: unknown, where: object): Promise<unknown>;
}

/** MikroORM on better-sqlite3, with an entity manager for each call, as each request of a server has one. */
export function mikroOrm(load: Load): OpenRival {
  const { EntitySchema } = load('@mikro-orm/core') as MikroOrm;
  const { MikroORM } = load('@mikro-orm/better-sqlite') as Driver;
  const schema = new EntitySchema({
    class: MikroLink,
    tableName: 'link',
    properties: {
      slug: { type: 'string', primary: true },
      title: { type: 'string' },
      url: { type: 'string', index: true },
      note: { type: 'string', nullable: true },
      rank: { type: 'integer', nullable: true, index: true },
      read: { type: 'boolean', nullable: true },
      addedAt: { type: 'Date', index: true },
    },
  });
  return async (folder) => {
    const orm = await MikroORM.init({ dbName: fileOf(folder, 'mikro'), entities: [schema] });
    for (const pragma of DURABLE) await orm.em.getConnection().execute(`pragma ${pragma}`);
    await orm.schema.createSchema();
    const fork = (): EntityManager => orm.em.fork();
    return {
      name: 'MikroORM',
      insertMany: async (values) => {
        await fork().transactional(async (em) => {
          for (let i = 0; i < values.length; i += CHUNK) {
            const chunk: MikroLink[] = [];
            for (const each of values.slice(i, i + CHUNK)) chunk.push(await valid(MikroLink, each));
            await em.insertMany(chunk);
          }
        });
      },
      insert: async (values) => {
        await fork().insert(await valid(MikroLink, values));
      },
      find: (slug) => fork().findOne(MikroLink, { slug }),
      page: (after, take) =>
        fork().find(MikroLink, { slug: { $gt: after } }, { orderBy: { slug: 'asc' }, limit: take }),
      findByUrl: (url) => fork().findOne(MikroLink, { url }),
      newest: (take) => fork().find(MikroLink, {}, { orderBy: { addedAt: 'desc' }, limit: take }),
      countRanks: (from, to) => fork().count(MikroLink, { rank: { $gte: from, $lte: to } }),
      update: async (slug, note) => {
        await fork().nativeUpdate(MikroLink, { slug }, { note });
      },
      change: async (slug, title) => {
        const em = fork();
        const link = await em.findOneOrFail(MikroLink, { slug });
        link.title = title;
        await checkValid(link);
        await em.flush();
      },
      all: () => fork().find(MikroLink, {}),
      delete: async (slug) => {
        await fork().nativeDelete(MikroLink, { slug });
      },
      clear: async () => {
        await fork().nativeDelete(MikroLink, {});
      },
      close: () => orm.close(true),
    };
  };
}

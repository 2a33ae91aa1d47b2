import { Rules } from './link.js';
import type { OpenRival } from './rival.js';
import { checkValid, valid } from './rival.js';
import type { Load } from '../scratch.js';
import { DURABLE, fileOf } from './sqlite.js';
import type { Database } from './sqlite.js';

class RawLink extends Rules {}

interface LinkRow {
  readonly slug: string;
  readonly title: string;
  readonly url: string;
  readonly note: string | null;
  readonly rank: number | null;
  readonly read: 0 | 1 | null;
  readonly addedAt: string;
}

const SCHEMA = `
  create table link (
    slug text primary key, title text not null, url text not null, note text, rank integer, read integer, addedAt text not null
  );
  create index link_url on link (url);
  create index link_rank on link (rank);
  create index link_added on link (addedAt);
`;

function toRow({ slug, title, url, note = null, rank = null, read = null, addedAt }: Rules): unknown[] {
  return [slug, title, url, note, rank, read === null ? null : Number(read), addedAt.toISOString()];
}

function fromRow(row: unknown): RawLink {
  const { slug, title, url, note, rank, read, addedAt } = row as LinkRow;
  const link = new RawLink();
  link.slug = slug;
  link.title = title;
  link.url = url;
  link.note = note;
  link.rank = rank;
  link.read = read === null ? null : read === 1;
  link.addedAt = new Date(addedAt);
  return link;
}

/** The limit: prepared statements and a mapper written by hand. */
export function rawSqlite(load: Load): OpenRival {
  const Sqlite = load('better-sqlite3') as new (file: string) => Database;
  return (folder) => {
    const db = new Sqlite(fileOf(folder, 'raw'));
    for (const pragma of DURABLE) db.pragma(pragma);
    db.exec(SCHEMA);
    const insert = db.prepare('insert into link values (?, ?, ?, ?, ?, ?, ?)');
    const bySlug = db.prepare('select * from link where slug = ?');
    const page = db.prepare('select * from link where slug > ? order by slug limit ?');
    const byUrl = db.prepare('select * from link where url = ? limit 1');
    const newest = db.prepare('select * from link order by addedAt desc, slug limit ?');
    const count = db.prepare('select count(*) as found from link where rank between ? and ?');
    const setNote = db.prepare('update link set note = ? where slug = ?');
    const setTitle = db.prepare('update link set title = ? where slug = ?');
    const all = db.prepare('select * from link');
    const remove = db.prepare('delete from link where slug = ?');
    const insertAll = db.transaction((links: readonly Rules[]) => {
      for (const link of links) insert.run(...toRow(link));
    });
    const found = (row: unknown): RawLink | undefined => (row === undefined ? undefined : fromRow(row));
    return Promise.resolve({
      name: 'raw better-sqlite3',
      insertMany: async (values) => {
        const links: RawLink[] = [];
        for (const each of values) links.push(await valid(RawLink, each));
        insertAll(links);
      },
      insert: async (values) => {
        insert.run(...toRow(await valid(RawLink, values)));
      },
      find: (slug) => Promise.resolve(found(bySlug.get(slug))),
      page: (after, take) => Promise.resolve(page.all(after, take).map(fromRow)),
      findByUrl: (url) => Promise.resolve(found(byUrl.get(url))),
      newest: (take) => Promise.resolve(newest.all(take).map(fromRow)),
      countRanks: (from, to) => Promise.resolve((count.get(from, to) as { found: number }).found),
      update: (slug, note) => Promise.resolve(void setNote.run(note, slug)),
      change: async (slug, title) => {
        const link = fromRow(bySlug.get(slug));
        link.title = title;
        await checkValid(link);
        setTitle.run(title, slug);
      },
      all: () => Promise.resolve(all.all().map(fromRow)),
      delete: (slug) => Promise.resolve(void remove.run(slug)),
      clear: () => Promise.resolve(db.exec('delete from link')),
      close: () => Promise.resolve(db.close()),
    });
  };
}

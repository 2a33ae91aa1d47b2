import 'reflect-metadata';
import { join } from 'node:path';
import { cpuUsage } from 'node:process';
import { DataSource, DustEntity, Field, Slug } from 'dust-orm';
import type { DataSourceOptions, Repository } from 'dust-orm';
import type { Row } from '../measure.js';
import { durationRow, median, ratioRow } from '../measure.js';
import type { Place } from './place.js';
import { ratioOf, takeTurns } from './turns.js';

const RECORDS = 10_000;
const ROUNDS = 11;
const PAGE = 20;

@DustEntity('notes')
class Note {
  @Slug() slug!: string;
  @Field('string') title?: string | null;
  @Field('string') author?: string | null;
  @Field('integer') rank?: number | null;
}

/**
 * Reads of a node, beside those of a store that needs nobody: both in folders. In processor time: they wait for nothing, and what else the machine
 * does is left out.
 */
export async function readRows({ url, folder }: Place): Promise<Row[]> {
  const sources: DataSource[] = [];
  const open = async (options: Pick<DataSourceOptions, 'path' | 'cluster'>): Promise<Repository<Note>> => {
    const source = new DataSource({ store: 'bench/reads', entities: [Note], logging: false, ...options });
    sources.push(source);
    const notes = (await source.initialize()).getRepository(Note);
    await notes.insertMany(Array.from({ length: RECORDS }, (_, n) => note(n)));
    return notes;
  };
  try {
    const own = await open({ path: join(folder, 'reads-own') });
    const node = await open({ path: join(folder, 'reads-node'), cluster: { url } });
    return [
      ...(await rows('findOneBy slug', 5_000, own, node, (notes, n) => notes.findOneBy({ slug: slugOf(n) }))),
      ...(await rows(`a page of ${PAGE}`, 500, own, node, (notes, n) =>
        notes.find({ order: { slug: 'ASC' }, skip: n % 100, take: PAGE }),
      )),
    ];
  } finally {
    for (const source of sources) await source.destroy();
  }
}

async function rows(
  work: string,
  calls: number,
  own: Repository<Note>,
  node: Repository<Note>,
  read: (notes: Repository<Note>, n: number) => Promise<unknown>,
): Promise<Row[]> {
  const turn = (notes: Repository<Note>) => async (): Promise<number> => {
    const before = cpuUsage();
    for (let call = 0; call < calls; call++) await read(notes, (call * 7_919) % RECORDS);
    const { user, system } = cpuUsage(before);
    return ((user + system) * 1_000) / calls;
  };
  const [ofOwn, ofNode] = await takeTurns<[number, number]>(ROUNDS, [turn(own), turn(node)]);
  return [
    durationRow(`${work}, without a cluster`, median(ofOwn)),
    durationRow(`${work}, at a node`, median(ofNode)),
    ratioRow('  ÷ without a cluster', ratioOf(ofNode, ofOwn), { atMost: 1.1 }),
  ];
}

function note(n: number): Note {
  return Object.assign(new Note(), {
    slug: slugOf(n),
    title: `Note ${n}`,
    author: `author-${n % 1_000}`,
    rank: n % 97,
  });
}

function slugOf(n: number): string {
  return String(n).padStart(6, '0');
}

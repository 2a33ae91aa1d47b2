import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../measure.js';
import { figureRow, median } from '../measure.js';

const TURNS = 7;

/** A program that prints what its start cost, up to the first insert and read. */
interface Starter {
  readonly name: string;
  readonly script: (folder: string | undefined) => string;
}

interface Start {
  /** Milliseconds since the process began. */
  readonly wall: number;
  /** Milliseconds of processor time. */
  readonly cpu: number;
}

const REPORT = `
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ wall: performance.now(), cpu: (user + system) / 1000 }));
`;

const RULE = `
  const { Length } = await import('class-validator');
  Length(1, 200)(Link.prototype, 'title');
`;

const ours =
  (withRule: boolean): Starter['script'] =>
  (folder) => `
  const { DataSource, DustEntity, Field, Slug } = await import('dust-orm');
  class Link {}
  Slug()(Link.prototype, 'slug');
  Field('string', { required: true })(Link.prototype, 'title');
  DustEntity('links')(Link);
  ${withRule ? RULE : ''}
  const path = ${folder === undefined ? 'undefined' : JSON.stringify(join(folder, 'dust'))};
  const dataSource = await new DataSource({ entities: [Link], ...(path && { path }) }).initialize();
  const links = dataSource.getRepository(Link);
  await links.insert({ slug: 'a', title: 'A' });
  await links.findOneByOrFail({ slug: 'a' });
  ${REPORT}
  await dataSource.destroy();
`;

const typeOrm =
  (manifest: string): Starter['script'] =>
  (folder) => `
  const { createRequire } = await import('node:module');
  const load = createRequire(${JSON.stringify(manifest)});
  load('reflect-metadata');
  const { DataSource, EntitySchema } = load('typeorm');
  class Link {}
  const columns = { slug: { type: 'varchar', primary: true }, title: { type: 'varchar' } };
  const entities = [new EntitySchema({ name: 'Link', target: Link, columns })];
  const database = ${JSON.stringify(folder === undefined ? ':memory:' : join(folder, 'typeorm.sqlite'))};
  const prepareDatabase = (db) => {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
  };
  const dataSource = new DataSource({ type: 'better-sqlite3', database, entities, synchronize: true, prepareDatabase });
  await dataSource.initialize();
  const links = dataSource.getRepository(Link);
  await links.insert({ slug: 'a', title: 'A' });
  await links.findOneByOrFail({ slug: 'a' });
  ${REPORT}
  await dataSource.destroy();
`;

/** From the start of a process to the first insert and read, each in processes of its own, in turns. */
export function startUpRows(manifest: string): Row[] {
  const starters: Starter[] = [
    { name: 'dust-orm', script: ours(false) },
    { name: 'dust-orm with a rule', script: ours(true) },
    { name: 'TypeORM', script: typeOrm(manifest) },
  ];
  return (['memory', 'disk'] as const).flatMap((medium) => {
    const starts = starters.map((): Start[] => []);
    for (let turn = 0; turn < TURNS; turn++) {
      starters.forEach(({ script }, i) => starts[i]!.push(start(script, medium)));
    }
    const [own, ruled, theirs] = starts.map((some) => ({
      wall: median(some.map(({ wall }) => wall)),
      cpu: median(some.map(({ cpu }) => cpu)),
    }));
    return [
      comparison(`${medium}: start to the first insert and read: TypeORM ÷ dust-orm`, theirs!, own!),
      figureRow(
        `${medium}: the same with a rule of class-validator`,
        `${ruled!.wall.toFixed(0)} ms, ${ruled!.cpu.toFixed(0)} ms of processor time`,
      ),
    ];
  });
}

function start(script: Starter['script'], medium: 'memory' | 'disk'): Start {
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-start-'));
  try {
    const text = script(medium === 'memory' ? undefined : folder);
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' });
    return JSON.parse(output) as Start;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function comparison(work: string, theirs: Start, own: Start): Row {
  const value = theirs.wall / own.wall;
  const result = `${theirs.wall.toFixed(0)} ÷ ${own.wall.toFixed(0)} ms = ${value.toPrecision(3)} × (processor ${(theirs.cpu / own.cpu).toPrecision(3)} ×)`;
  return { work, result, target: '≥ 1 ×', met: value >= 1 };
}

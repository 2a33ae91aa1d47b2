import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import type { Group, Row } from '../measure.js';
import { figureRow } from '../measure.js';
import { mikroOrm } from './mikro-orm.js';
import { openOurs } from './ours.js';
import { rawSqlite } from './raw-sqlite.js';
import type { Rival } from './rival.js';
import { scratchProject, versionOf } from '../scratch.js';
import type { Load } from '../scratch.js';
import { startUpRows } from './start-up.js';
import { takeTurns } from './take-turns.js';
import { typeOrm } from './typeorm.js';
import type { Work } from './works.js';
import { WORKS } from './works.js';

/** The newest that run on the oldest Node of this package. */
const VERSIONS = {
  '@mikro-orm/better-sqlite': '6.6.16',
  '@mikro-orm/core': '6.6.16',
  'better-sqlite3': '12.6.2',
  'reflect-metadata': '^0.2.2',
  typeorm: '1.1.1',
};

const DEFAULT_RECORDS = 100_000;

/** Installs packages and takes many minutes: only when it is asked for. */
export const peers: Group = {
  name: 'peers: the same work by TypeORM, MikroORM and raw SQLite',
  onlyByName: true,
  async run() {
    const records = recordsWanted();
    const scratch = scratchProject({ name: 'peers', versions: VERSIONS, compiled: 'better-sqlite3' });
    const { load } = scratch;
    const versions = ['typeorm', '@mikro-orm/core', 'better-sqlite3'].map((name) => versionOf(scratch, name));
    console.log(`  ${versions.join(', ')}; ${records.toLocaleString('en')} records, rivals in turns`);
    return [
      ...startUpRows(scratch.manifest),
      ...(await compareIn('memory', undefined, load, records)),
      ...(await onDisk((folder) => compareIn('disk', folder, load, records))),
    ];
  },
};

function recordsWanted(): number {
  const place = argv.indexOf('--records');
  const records = place < 0 ? DEFAULT_RECORDS : Number(argv[place + 1]);
  if (Number.isSafeInteger(records) && records >= 1_000) return records;
  throw new Error('--records takes a number from 1000 on');
}

async function onDisk(work: (folder: string) => Promise<Row[]>): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dust-orm-peers-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareIn(
  medium: 'memory' | 'disk',
  folder: string | undefined,
  load: Load,
  records: number,
): Promise<Row[]> {
  const ours = await openOurs(folder);
  const rivals: Rival[] = [ours];
  try {
    for (const open of [typeOrm(load), mikroOrm(load), rawSqlite(load)]) rivals.push(await open(folder));
    const rows: Row[] = [];
    if (!ours.hasIndexes) rows.push(figureRow(`${medium}: dust-orm has no indexes here`, 'it scans'));
    for (const work of WORKS) {
      rows.push(...rowsOf(medium, work, await takeTurns(work, rivals, records), records));
    }
    return rows;
  } finally {
    for (const rival of rivals) await rival.close();
  }
}

function rowsOf(medium: 'memory' | 'disk', work: Work, times: readonly number[], records: number): Row[] {
  const [ours = NaN, theirs = NaN, mikro = NaN, raw = NaN] = times.map(
    (time) => time / (work.per?.count(records) ?? 1),
  );
  const { typeOrm: least, raw: most } = work[medium];
  const name = `${medium}: ${work.name}`;
  return [
    ratio(`${name}: TypeORM ÷ dust-orm`, theirs, ours, (value) => value >= least, `≥ ${least} ×`),
    ratio(`${name}: MikroORM ÷ dust-orm`, mikro, ours),
    ratio(
      `${name}: dust-orm ÷ raw SQLite`,
      ours,
      raw,
      most === undefined ? undefined : (value) => value <= most,
      most === undefined ? '' : `≤ ${most} ×`,
    ),
  ];
}

function ratio(work: string, a: number, b: number, holds?: (value: number) => boolean, target = ''): Row {
  const value = a / b;
  const result = `${microseconds(a)} ÷ ${microseconds(b)} µs = ${value.toPrecision(3)} ×`;
  return { work, result, target, met: holds?.(value) };
}

function microseconds(nanoseconds: number): string {
  return (nanoseconds / 1e3).toLocaleString('en', { maximumSignificantDigits: 3 });
}

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreStorage } from '../../src/store/index.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import { record } from './cluster/record.js';
import type { RecordedLog } from './cluster/replay.js';
import { replay } from './cluster/replay.js';

const FOLDER = join(__dirname, 'cluster/logs');

/** 2 means what 1 does: what comes first that means more is recorded as 3. */
const LEVELS = [1, 2];

const logOf = (level: number): RecordedLog =>
  JSON.parse(readFileSync(join(FOLDER, `level-${level}.json`), 'utf8')) as RecordedLog;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-cluster-logs-'));
  if (process.env.DUST_RECORD_CLUSTER === undefined) return;
  for (const level of LEVELS) {
    const recorded = await record(level);
    writeFileSync(join(FOLDER, `level-${level}.json`), `${JSON.stringify(recorded, undefined, 1)}\n`);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const STORAGES: readonly [string, () => Promise<StoreStorage>][] = [
  ['in memory', () => Promise.resolve(createMemoryStorage())],
  ['on LMDB', () => openLmdbStorage({ path: mkdtempSync(join(folder, 'copy-')) })],
];

test('there is a log of every level', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(LEVELS.map((level) => `level-${level}.json`));
});

describe.each(LEVELS)('a recorded log of level %d', (level) => {
  test.each(STORAGES)('leads to the same state as it did then, %s', async (_, open) => {
    const recorded = logOf(level);
    expect(await replay(recorded, await open(), 2)).toEqual(recorded.standing);
  });
});

test.each(STORAGES)('what is recorded now leads to the same state, %s', async (_, open) => {
  const recorded = await record(2);
  expect(recorded.frames.length).toBeGreaterThan(50);
  expect(await replay(recorded, await open(), 2)).toEqual(recorded.standing);
});

test.each(STORAGES)('a node that knows level 1 halts where the other one begins, %s', async (_, open) => {
  const { frames } = logOf(2);
  const upgrade = frames.findIndex(({ text }) => text.includes('"kind":"upgrade"'));
  expect(await replay(logOf(2), await open(), 1)).toEqual({ halted: 'unknown_level', position: upgrade });
});

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { StoreStorage } from '../../src/store/index.js';
import { createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import { CHANGES } from './cluster/changes.js';
import type { Recording } from './cluster/record.js';
import { record } from './cluster/record.js';
import type { RecordedLog } from './cluster/replay.js';
import { replay } from './cluster/replay.js';

const FOLDER = join(__dirname, 'cluster/logs');

/** By the names of their files. Level 2 means what 1 does: what comes first that means more is recorded as 3. */
const RECORDINGS: Readonly<Record<string, Recording>> = {
  'level-1': { about: 'a log of level 1', level: 1 },
  'level-1-servers-disagree': {
    about: 'a log of level 1, dated by servers whose clocks disagree',
    level: 1,
    timeOf: ({ position, time }) => time - (position % 3) * 50,
  },
  'level-2': { about: 'a log of level 2', level: 2 },
};
const NAMES = Object.keys(RECORDINGS);

const logOf = (name: string): RecordedLog =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as RecordedLog;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-cluster-logs-'));
  const { DUST_RECORD_CLUSTER: name = '' } = process.env;
  const recording = RECORDINGS[name];
  if (recording === undefined) return;
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(await record(recording), undefined, 1)}\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const STORAGES: readonly [string, () => Promise<StoreStorage>][] = [
  ['in memory', () => Promise.resolve(createMemoryStorage())],
  ['on LMDB', () => openLmdbStorage({ path: mkdtempSync(join(folder, 'copy-')) })],
];

test('there is a log of every level', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(NAMES.map((name) => `${name}.json`).sort());
});

describe.each(NAMES)('the recorded log %s', (name) => {
  test.each(STORAGES)('leads to the same state as it did then, %s', async (_, open) => {
    const recorded = logOf(name);
    expect(await replay(recorded, await open(), 2)).toEqual(recorded.standing);
  });
});

test.each(STORAGES)('what is recorded now leads to the same state, %s', async (_, open) => {
  const recorded = await record(RECORDINGS['level-2']!);
  expect(recorded.frames.length).toBeGreaterThan(50);
  expect(await replay(recorded, await open(), 2)).toEqual(recorded.standing);
});

test.each(STORAGES)('a node that knows level 1 halts where the other one begins, %s', async (_, open) => {
  const { frames } = logOf('level-2');
  const upgrade = frames.findIndex(({ text }) => text.includes('"kind":"upgrade"'));
  expect(await replay(logOf('level-2'), await open(), 1)).toEqual({
    halted: 'unknown_level',
    position: upgrade,
  });
});

test.each(Object.entries(CHANGES))('the recorded logs tell a node that %s', async (_, change) => {
  const logs = NAMES.map(logOf);
  const found = await Promise.all(logs.map((log) => replay(log, createMemoryStorage(), 2, change)));
  expect(found.some((standing, i) => !isDeepStrictEqual(standing, logs[i]!.standing))).toBe(true);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { migrationPlace } from '../../../src/cli/templates/migration-place.js';
import type { PlaceFlags } from '../../../src/cli/templates/migration-place.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-place-'));
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const JS: PlaceFlags = { js: true };
const TS: PlaceFlags = { ts: true };

async function placeOf(
  patterns: readonly string[] | undefined,
  flags: PlaceFlags,
): Promise<{ readonly file: string; readonly kind: string; readonly isNamed: boolean | undefined }> {
  const place = await migrationPlace('1-A', flags, patterns, folder);
  return { ...place, file: relative(folder, place.file) };
}

it.each<[readonly string[], PlaceFlags, string, string]>([
  [['steps/*.ts'], {}, 'steps/1-A.ts', 'ts'],
  [['steps/*.js'], {}, 'steps/1-A.js', 'module'],
  [['steps/*{.ts,.js}'], JS, 'steps/1-A.js', 'module'],
  [['steps/*.ts', 'built/*.js'], JS, 'built/1-A.js', 'module'],
  [['steps/*.ts', 'built/*.js'], {}, 'steps/1-A.ts', 'ts'],
  [['steps/*'], TS, 'steps/1-A.ts', 'ts'],
  [['steps/**/*.migration{.ts,.mjs}'], {}, 'steps/1-A.migration.ts', 'ts'],
  [['steps/**/*.migration{.ts,.mjs}'], JS, 'steps/1-A.migration.mjs', 'module'],
  [['steps/*.cjs'], {}, 'steps/1-A.cjs', 'commonjs'],
  [['steps/*.mts'], {}, 'steps/1-A.mts', 'ts'],
  [['steps/1-A.ts', 'other/*.js'], {}, 'steps/1-A.ts', 'ts'],
])('a new migration goes where %p finds it, with %p', async (patterns, flags, file, kind) => {
  expect(await placeOf(patterns, flags)).toEqual({ file, kind, isNamed: true });
});

it.each<[readonly string[], PlaceFlags]>([
  [['steps/*.ts'], JS],
  [['steps/*.js'], TS],
  [['steps/*/*.ts'], {}],
  [['steps/0-*.ts'], {}],
])('where %p finds none, with %p, it is refused', async (patterns, flags) => {
  await expect(placeOf(patterns, flags)).rejects.toMatchObject({
    kind: 'invalid_options',
    message: expect.stringContaining(`looks for migrations at ${patterns[0]!}`),
  });
});

it.each<[readonly string[] | undefined, PlaceFlags, string, boolean | undefined]>([
  [['dist/*.js'], { ...TS, dir: 'src' }, 'src/1-A.ts', false],
  [['src/*.ts'], { dir: 'src' }, 'src/1-A.ts', true],
  [['src/*.js'], { dir: 'src' }, 'src/1-A.js', true],
  [['steps/0-Named.ts'], {}, 'steps/1-A.ts', false],
  [[], {}, 'migrations/1-A.ts', false],
  [undefined, {}, 'migrations/1-A.ts', undefined],
  [undefined, JS, 'migrations/1-A.js', undefined],
])('with %p and %p it is %p', async (patterns, flags, file, isNamed) => {
  expect(await placeOf(patterns, flags)).toMatchObject({ file, isNamed });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findFiles, folderOf } from '../../../src/cli/scripts/find-files.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-files-'));
  for (const file of [
    'a/2-b.ts',
    'a/1-c.js',
    'a/b/3-a.mts',
    'a/b/c/0-d.cjs',
    'a/types.d.ts',
    'a/x+y.ts',
    'a/n.json',
  ]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each<[readonly string[], readonly string[]]>([
  [['a/*.ts'], ['a/2-b.ts', 'a/x+y.ts']],
  [['a/*{.ts,.js}'], ['a/1-c.js', 'a/2-b.ts', 'a/x+y.ts']],
  [['a/**/*'], ['a/b/c/0-d.cjs', 'a/1-c.js', 'a/2-b.ts', 'a/b/3-a.mts', 'a/x+y.ts']],
  [['a/**'], ['a/b/c/0-d.cjs', 'a/1-c.js', 'a/2-b.ts', 'a/b/3-a.mts', 'a/x+y.ts']],
  [['a/**/3-?.mts'], ['a/b/3-a.mts']],
  [['a/x+y.ts', 'a/x*.ts'], ['a/x+y.ts']],
  [['a/none.ts'], ['a/none.ts']],
  [['none/*.ts'], []],
  [['*/b/*'], ['a/b/3-a.mts']],
])('%p names %p', async (patterns, expected) => {
  expect((await findFiles(patterns, folder)).map((file) => relative(folder, file))).toEqual(expected);
});

it('takes absolute patterns as they are', async () => {
  expect(await findFiles([join(folder, 'a/*.js')], '/nowhere')).toEqual([join(folder, 'a/1-c.js')]);
});

it.each([
  ['migrations/*.ts', 'migrations'],
  ['src/**/migrations/*.ts', 'src'],
  ['migrations/one.ts', 'migrations'],
  ['migrations', 'migrations'],
  ['*.ts', ''],
])('the files of %p lie below %p', (pattern, expected) => {
  expect(relative('/project', folderOf(pattern, '/project'))).toBe(expected);
});

// Vitest on one data folder: its pools of threads end test files without a word to what these left open.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

const testFile = (ending) => `
import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DataSource, DustEntity, Field, Slug } from 'dust-orm';
class Note {}
Slug()(Note.prototype, 'id');
Field('string')(Note.prototype, 'text');
DustEntity('notes')(Note);
test('opens the folder', async () => {
  const dataSource = new DataSource({ path: process.env.DRIVE_DATA, entities: [Note] });
  const outcome = await dataSource.initialize().then(() => 'opened', (error) => error.kind + ' ' + error.detail);
  appendFileSync(process.env.DRIVE_OUTCOMES, outcome + '\\n');
  ${ending}
});
`;

/** A project with Vitest in it and four test files; undefined when it could not be installed, which is said. */
export async function vitestProject() {
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-drive-vitest-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  try {
    await run('npm', ['install', 'vitest', '--no-audit', '--no-fund'], { cwd: folder, timeout: 300_000 });
  } catch (error) {
    console.log(`vitest: left out, it could not be installed: ${error.message.split('\n')[0]}`);
    rmSync(folder, { recursive: true });
    return undefined;
  }
  symlinkSync(PACKAGE, join(folder, 'node_modules', 'dust-orm'), 'junction');
  for (const [kind, ending] of [
    ['destroying', 'await dataSource.destroy();'],
    ['leaving', ''],
  ]) {
    mkdirSync(join(folder, kind));
    for (const n of [1, 2, 3, 4]) writeFileSync(join(folder, kind, `${n}.test.js`), testFile(ending));
  }
  return folder;
}

/** Runs the four files; what each met, and how Vitest ended. */
export async function runVitest(project, { pool, kind, parallel }) {
  const data = mkdtempSync(join(tmpdir(), 'dust-orm-drive-'));
  const outcomes = join(data, 'outcomes');
  writeFileSync(outcomes, '');
  const args = [
    'run',
    `--pool=${pool}`,
    '--testTimeout=60000',
    parallel ? '--maxWorkers=4' : '--no-file-parallelism',
    `${kind}/`,
  ];
  try {
    const ended = await run(process.execPath, [join(project, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: project,
      env: { ...process.env, DRIVE_DATA: join(data, 'store'), DRIVE_OUTCOMES: outcomes },
      timeout: 120_000,
    }).then(
      () => 'passed',
      ({ signal, code }) => `failed (${signal ?? code})`,
    );
    return { ended, outcomes: readFileSync(outcomes, 'utf8').trim().split('\n') };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

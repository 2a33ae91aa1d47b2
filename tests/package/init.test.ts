import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../..');
const COMMAND = join(ROOT, 'dist/esm/cli/main.js');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** As Nest has it, with what TypeScript 6 asks of settings that are older. */
const NEST = readFileSync(join(ROOT, 'tests/nest-new/tsconfig.nest11.json'), 'utf8').replace(
  '"compilerOptions": {',
  '"compilerOptions": { "ignoreDeprecations": "6.0", "types": ["node"],',
);

/** What `init` writes into a project compiles, runs, and is found by the command: the built package, as a project has it. */
describe('the project that init writes', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dust-init-'));
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (name !== 'dust-orm') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    symlinkSync(ROOT, join(modules, 'dust-orm'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const node = async (...argv: string[]): Promise<string> => {
    const { DUST_BASE_URL: _url, DUST_TOKEN: _token, DUST_STORE: _store, ...env } = process.env;
    const { stdout } = await run(process.execPath, argv, { cwd: folder, env });
    return stdout;
  };

  it.each([
    [
      'legacy',
      'module',
      '{ "compilerOptions": { "module": "nodenext", "rootDir": "src", "outDir": "dist", "types": ["node"], "strict": true, "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true, "verbatimModuleSyntax": true, "isolatedModules": true }, "include": ["src"] }',
    ],
    ['legacy', 'commonjs', NEST],
    ['es', 'module', undefined],
    ['define', 'commonjs', undefined],
  ])(
    '%s in a project of %s',
    async (front, type, settings) => {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'program', type }));
      if (settings !== undefined) writeFileSync(join(folder, 'tsconfig.json'), settings);
      const { config } = JSON.parse(await node(COMMAND, 'init', '--yes', '--front', front, '--json'));
      await node(TSC, '-p', '.', '--outDir', 'dist', '--rootDir', 'src');
      expect(await node('dist/first.js')).toMatch(/^\[\n {2}Link \{[^}]*title: 'The first link'/);
      expect(await node(COMMAND, 'ls', 'links/*/title', '--config', config)).toBe(
        'links/first/title\t"The first link"\n',
      );
      expect(await node(COMMAND, 'doctor', '--records', '--config', config)).toContain(
        'Link: 1 record, all of which fit.',
      );
    },
    180_000,
  );
});

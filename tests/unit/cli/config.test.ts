import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useCompiledPackage } from '../../faults/compiled-sources.js';

/** The command as a process of its own: configuration files are loaded by jiti, which Jest's modules know nothing of. */
const compiled = useCompiledPackage();
let project: string;
let main: string;

beforeAll(() => {
  project = mkdtempSync(`${compiled.folder}-project-`);
  cpSync(join(__dirname, 'project'), project, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(project, file), text);
  // Ends the reach of this repository's own package.json, which says what dust-orm is.
  write('package.json', '{ "type": "module" }');
  // These would break the tools that look at the sources of this repository.
  write('broken.ts', 'export default {');
  write('tsconfig.json', '{ "compilerOptions": { "paths": { "@entities/*": ["./entities/*"] } } }');
  write(
    'aliased.ts',
    "import { Link } from '@entities/link';\nexport const options = { path: 'unused', entities: [Link] };",
  );
  const installed = join(project, 'node_modules/dust-orm');
  cpSync(compiled.folder, installed, { recursive: true });
  const about = { name: 'dust-orm', version: '9.9.9', type: 'module', exports: './index.js' };
  writeFileSync(join(installed, 'package.json'), JSON.stringify(about));
  main = join(installed, 'cli/main.js');
});

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function dustOrm(argv: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const { DUST_BASE_URL: _url, DUST_TOKEN: _token, DUST_STORE: _store, ...clean } = process.env;
    execFile(
      process.execPath,
      [main, ...argv],
      { cwd: project, env: { ...clean, ...env } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
}

describe('--config', () => {
  it('reads TypeScript with legacy decorators, their metadata and fields of every kind', async () => {
    const { code, out, err } = await dustOrm(['doctor', '--config', 'ormconfig.ts', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).findings).toEqual([
      { check: 'configuration', status: 'ok', message: expect.stringContaining('ormconfig.ts are valid') },
      { check: 'entities', status: 'ok', message: expect.stringContaining('Link (flat, at reading/links)') },
      { check: 'folder', status: 'warn', message: expect.any(String) },
    ]);
  });

  it('follows the paths of tsconfig.json', async () => {
    const { out } = await dustOrm(['doctor', '--config', 'aliased.ts']);
    expect(out).toMatch(/ok {4}entities +Link/);
  });

  it('the classes it reads work as those of the compiler do', async () => {
    const { code, out } = await dustOrm(['ls', '--config', 'seeded.ts', '--json']);
    expect(code).toBe(0);
    const leaves = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.fromEntries(leaves.map(({ path, value }) => [path, value]))).toEqual({
      'reading/links/dust/added_at': '2026-01-02T00:00:00.000Z',
      'reading/links/dust/author/name': 'Ada',
      'reading/links/dust/kind': 'paper',
      'reading/links/dust/order': 'slug,title,url,addedAt,kind,author,note,tags',
      'reading/links/dust/title': 'Dust',
      'reading/links/dust/url': 'https://dustlayer.io',
    });
  });

  it('finds every problem of the entities', async () => {
    const { code, out } = await dustOrm(['doctor', '--config', 'unsound.ts']);
    expect(code).toBe(1);
    expect(out).toMatch(/fail {2}entities .*Slugless: it has no slug/);
    expect(out).toMatch(/fail {2}entities .*Inner .* has a prefix inside that of Outer/);
    expect(out).toMatch(/fail {2}entities .*Reserved: the prefix \["_dust"\]/);
    expect(out).toMatch(/warn {2}entities .*one file at a time/);
  });

  it.each(['options.json', 'options.cjs', 'options.mjs', 'function.mts'])('reads %s', async (file) => {
    expect(await dustOrm(['put', 'a', '1', '--config', file])).toMatchObject({ code: 0, err: '' });
    expect((await dustOrm(['get', 'a', '--config', file])).out).toBe('1\n');
  });

  it('takes url, token and store from the environment through the file', async () => {
    const env = { DUST_BASE_URL: 'http://127.0.0.1:1', DUST_TOKEN: 'dust_tok_0123456789', DUST_STORE: 'a/b' };
    const { code, out } = await dustOrm(['doctor', '--config', 'environment.ts'], env);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('connection refused') });
    const { out: half } = await dustOrm(['doctor', '--config', 'environment.ts'], {
      DUST_TOKEN: 'dust_tok_0123456789',
    });
    expect(half).toContain('DUST_TOKEN, but not DUST_STORE');
    expect(out + half).not.toContain('0123456789');
  });

  it('takes a transport of the user, as far as that goes', async () => {
    expect(await dustOrm(['put', 'a', '1', '--config', 'custom.ts'])).toMatchObject({ code: 0, err: '' });
    const { code, err } = await dustOrm(['export', '--config', 'custom.ts', '--json']);
    expect({ code, kind: JSON.parse(err).error.kind }).toEqual({ code: 1, kind: 'not_supported' });
    expect((await dustOrm(['doctor', '--config', 'custom.ts'])).out).toMatch(
      /warn {2}store .* was not looked at/,
    );
  });

  it.each([
    ['nowhere.ts', 'There is no configuration file'],
    ['broken.ts', 'could not be loaded: ParseError'],
    ['throwing.ts', 'could not be loaded: thrown on purpose'],
    ['options.yaml', 'must be TypeScript'],
    ['other-exports.ts', 'It exports durable, inMemory.'],
    ['in-memory.json', 'keep the store in memory'],
    ['unknown-option.json', 'Did you mean "path"?'],
  ])('%s is refused: %s', async (file, reason) => {
    const { code, out, err } = await dustOrm(['get', 'a', '--config', file]);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(reason) });
  });
});

describe('doctor --records', () => {
  const fixture = join(__dirname, '../../fixtures/older-store');

  beforeAll(() => {
    const classes = readFileSync(join(fixture, 'customers.ts'), 'utf8');
    writeFileSync(join(project, 'customers.ts'), classes.replaceAll('../../../src/index.js', 'dust-orm'));
    const config =
      "import { Customer } from './customers.js';\nexport const options = { path: 'shop', entities: [Customer] };";
    writeFileSync(join(project, 'shop.ts'), config);
  });

  it('counts the records that are older, and with CI in mind those that do not fit', async () => {
    const look = () => dustOrm(['doctor', '--config', 'shop.ts', '--records', '--json']);
    const load = (name: string) => dustOrm(['import', join(fixture, name), '--config', 'shop.ts']);
    const nothing = await look();
    expect(nothing.code).toBe(0);
    expect(JSON.parse(nothing.out).findings.at(-1)).toMatchObject({ check: 'records', status: 'warn' });

    await load('customers.jsonl');
    const whole = await look();
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.out).findings.at(-1)).toMatchObject({
      check: 'records',
      status: 'ok',
      records: {
        entity: 'Customer',
        records: 12,
        unfit: 0,
        reasons: [],
        older: [
          { reason: 'version 1', count: 12, slugs: ['c01', 'c02', 'c03'] },
          { reason: 'no plan, which reads with its default', count: 12, slugs: ['c01', 'c02', 'c03'] },
          { reason: 'values under the earlier name mail', count: 8, slugs: ['c01', 'c02', 'c04'] },
        ],
      },
    });

    await load('customers-damaged.jsonl');
    const { code, out } = await dustOrm(['doctor', '--config', 'shop.ts', '--records']);
    expect(code).toBe(1);
    const lines = out.split('\n').map((line) => line.trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^fail {2}records +Customer: 5 of 18 records do not fit\./),
        '2 × its upgrade to version 2 threw: full_name is no text ("d01", "d02")',
        '1 × missing last_name ("d04")',
        '1 × malformed added_at ("d05")',
        '12 × version 1 ("c01", "c02", "c03", …)',
      ]),
    );
  }, 60_000);
});

describe('the process', () => {
  it('knows its version', async () => {
    expect(await dustOrm(['--version'])).toEqual({ code: 0, out: '9.9.9\n', err: '' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('serve ends well on %s', async (signal) => {
    const child = spawn(process.execPath, [main, 'serve', '--port', '0'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await once(child.stdout, 'data');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('waits for nothing after a signal, not even for somebody to type', async () => {
    const argv = [main, 'import', '-', '--data', 'waiting'];
    const child = spawn(process.execPath, argv, { cwd: project, stdio: ['pipe', 'pipe', 'pipe'] });
    // It is reading once it has taken more than a pipe holds.
    await new Promise<void>((resolve) => child.stdin.write('\n'.repeat(4_000_000), () => resolve()));
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
  });
});

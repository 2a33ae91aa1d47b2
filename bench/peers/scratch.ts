import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The newest that run on the oldest Node of this package. */
const VERSIONS = {
  '@mikro-orm/better-sqlite': '6.6.16',
  '@mikro-orm/core': '6.6.16',
  'better-sqlite3': '12.6.2',
  'reflect-metadata': '^0.2.2',
  typeorm: '1.1.1',
};

const MANIFEST = JSON.stringify(
  {
    private: true,
    dependencies: VERSIONS,
    // All of them on one SQLite, compiled once.
    overrides: { 'better-sqlite3': '$better-sqlite3' },
    allowScripts: { 'better-sqlite3': true },
  },
  undefined,
  2,
);

/** Loads a package of the project that holds the rivals. */
export type Load = (name: string) => unknown;

/** The project that holds the rivals. */
export interface Scratch {
  /** Its package.json. */
  readonly manifest: string;
  readonly load: Load;
}

/**
 * The project that holds the rivals, which is no part of this package: made and installed when it is not there, which may
 * take minutes, because SQLite is compiled where there is no binary for this machine.
 */
export function scratchProject(): Scratch {
  const folder = join(packageRoot(), 'node_modules/.cache/dust-orm-peers');
  const manifest = join(folder, 'package.json');
  const installed = join(folder, '.installed');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== MANIFEST) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, MANIFEST);
    console.log(`  installing ${Object.keys(VERSIONS).join(', ')} …`);
    npm(folder, 'install', '--no-audit', '--no-fund', '--loglevel=error');
    npm(folder, 'rebuild', 'better-sqlite3', '--loglevel=error');
    writeFileSync(installed, MANIFEST);
  }
  return { manifest, load: createRequire(manifest) };
}

/** Name and version of one of its packages, for the heading. */
export function versionOf({ manifest }: Scratch, name: string): string {
  const text = readFileSync(join(dirname(manifest), 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(text) as { version: string }).version}`;
}

/** Where this package lies: the nearest folder above with its manifest, as the benchmarks are compiled into one below. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}

function npm(cwd: string, ...args: string[]): void {
  // Headers that came with Node need not be fetched to compile against.
  const beside = dirname(dirname(process.execPath));
  const headers = existsSync(join(beside, 'include/node')) ? { npm_config_nodedir: beside } : {};
  execFileSync('npm', args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...headers },
    shell: process.platform === 'win32',
  });
}

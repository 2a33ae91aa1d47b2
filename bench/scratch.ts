import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a project that holds rivals installs. */
export interface ScratchOptions {
  /** Names its folder. */
  readonly name: string;
  /** The packages, each of a version. */
  readonly versions: Readonly<Record<string, string>>;
  /** One of them that is compiled, if there is no binary for this machine, and that all of them use. */
  readonly compiled?: string;
}

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
 * take minutes where something is compiled.
 */
export function scratchProject({ name, versions, compiled }: ScratchOptions): Scratch {
  const folder = join(packageRoot(), 'node_modules/.cache', `dust-orm-${name}`);
  const own =
    compiled === undefined
      ? {}
      : { overrides: { [compiled]: `$${compiled}` }, allowScripts: { [compiled]: true } };
  const text = JSON.stringify({ private: true, dependencies: versions, ...own }, undefined, 2);
  const manifest = join(folder, 'package.json');
  const installed = join(folder, '.installed');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== text) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, text);
    console.log(`  installing ${Object.keys(versions).join(', ')} …`);
    // What a rival could be joined with is not wanted.
    npm(folder, 'install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error');
    if (compiled !== undefined) npm(folder, 'rebuild', compiled, '--loglevel=error');
    writeFileSync(installed, text);
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

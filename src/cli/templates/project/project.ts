import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '../../../errors.js';
import { projectFileUnreadable, projectMissing } from './errors.js';

/** The package managers that a project is known to use by the lock file they write. */
const LOCK_FILES = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const;

/** How packages are added and programs of them run. */
export interface PackageManager {
  readonly add: string;
  readonly addForDevelopment: string;
  readonly execute: string;
}

const MANAGERS: Readonly<Record<'npm' | (typeof LOCK_FILES)[number][1], PackageManager>> = {
  npm: { add: 'npm install', addForDevelopment: 'npm install --save-dev', execute: 'npx' },
  pnpm: { add: 'pnpm add', addForDevelopment: 'pnpm add --save-dev', execute: 'pnpm exec' },
  yarn: { add: 'yarn add', addForDevelopment: 'yarn add --dev', execute: 'yarn' },
  bun: { add: 'bun add', addForDevelopment: 'bun add --dev', execute: 'bunx' },
};

/** The project in a folder, as far as it matters to what is written into it. */
export interface Project {
  readonly folder: string;
  /** The text of a `package.json` that is to be made; undefined where there is one. */
  readonly newPackage: string | undefined;
  /** Whether it is of ECMAScript modules. */
  readonly isModule: boolean;
  /** All packages it names, those for development too. */
  readonly packages: ReadonlySet<string>;
  readonly isNest: boolean;
  readonly manager: PackageManager;
  /** The text of its `tsconfig.json`, if there is one. */
  readonly settings: string | undefined;
}

/**
 * Looks at the project in a folder.
 *
 * @param make whether a folder without `package.json` is made a project
 * @throws DustError `invalid_options` where there is none, or it cannot be read
 */
export async function readProject(folder: string, make: boolean): Promise<Project> {
  const [text, settings, ...locks] = await Promise.all([
    textOf(join(folder, 'package.json')),
    textOf(join(folder, 'tsconfig.json')),
    ...LOCK_FILES.map(([file]) => textOf(join(folder, file))),
  ]);
  if (text === undefined && !make) throw projectMissing(folder);
  const newPackage = text === undefined ? packageFor(folder) : undefined;
  const about = parsed(text ?? newPackage ?? '');
  const packages = new Set(
    ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(about[kind] ?? {})),
  );
  const manager = LOCK_FILES[locks.findIndex((lock) => lock !== undefined)]?.[1] ?? 'npm';
  return {
    folder,
    newPackage,
    isModule: about.type === 'module',
    packages,
    isNest: packages.has('@nestjs/core'),
    manager: MANAGERS[manager],
    settings,
  };
}

function packageFor(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const about = { name: name === '' ? 'program' : name, version: '0.0.0', private: true, type: 'module' };
  return `${JSON.stringify(about, undefined, 2)}\n`;
}

function parsed(text: string): Readonly<Record<string, object | string | undefined>> {
  let about: unknown;
  try {
    about = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw projectFileUnreadable('package.json', 'it is no JSON');
  }
  if (typeof about !== 'object' || about === null || Array.isArray(about)) {
    throw projectFileUnreadable('package.json', 'it is no object');
  }
  return { ...about };
}

/** @throws DustError `invalid_options` when it is there and cannot be read */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw projectFileUnreadable(file, messageOf(error));
  }
}

import { access, readFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { migrationNotNamed } from '../errors.js';
import { endOf, folderOf, isNamedBy, isWild } from '../scripts/find-files.js';
import type { ScriptKind } from './migration-template.js';

/** Where the flags want a new migration, and what it is to be written in. */
export interface PlaceFlags {
  readonly config?: string;
  readonly dir?: string;
  readonly js?: true;
  readonly ts?: true;
}

/** Where a new migration goes. */
export interface MigrationPlace {
  /** An absolute path. */
  readonly file: string;
  readonly kind: ScriptKind;
  /** Whether the configuration's patterns find it; undefined without a configuration. */
  readonly isNamed: boolean | undefined;
}

/**
 * A file that the patterns of the configuration find, in TypeScript or JavaScript as the flags say, or else the project looks.
 *
 * @param name of the file, without its end
 * @param patterns of the configuration, undefined without one
 * @throws DustError `invalid_options` when no file of that kind would be found, unless --dir says where it goes
 */
export async function migrationPlace(
  name: string,
  { dir, ...flags }: PlaceFlags,
  patterns: readonly string[] | undefined,
  cwd: string,
): Promise<MigrationPlace> {
  const { ts: onlyTs, js: onlyJs } = flags;
  const first = (await isTypeScript(flags, cwd)) ? '.ts' : '.js';
  const ends = [first, first === '.ts' ? '.js' : '.ts', ...(patterns ?? []).flatMap(endOf)].filter((end) =>
    isTs(end) ? onlyJs !== true : onlyTs !== true,
  );
  const named = patterns?.map((pattern) => folderOf(pattern, cwd)) ?? [];
  const folders = dir !== undefined ? [resolve(cwd, dir)] : [...named, resolve(cwd, 'migrations')];
  const files = folders.flatMap((folder) => ends.map((end) => join(folder, `${name}${end}`)));
  const found = patterns && files.find((file) => isNamedBy(file, patterns, cwd));
  const wild = patterns?.filter(isWild) ?? [];
  if (found === undefined && dir === undefined && wild.length > 0) {
    throw migrationNotNamed(wild, relative(cwd, join(folders[0]!, `*${ends[0]!}`)));
  }
  const file = found ?? files[0]!;
  return { file, kind: await kindOf(file, cwd), isNamed: patterns && found !== undefined };
}

async function isTypeScript({ ts, js, config }: PlaceFlags, cwd: string): Promise<boolean> {
  if (ts === true || js === true) return ts === true;
  return isTs(config ?? '') || (await isThere(join(cwd, 'tsconfig.json')));
}

async function kindOf(file: string, cwd: string): Promise<ScriptKind> {
  if (isTs(file)) return 'ts';
  const extension = extname(file);
  if (extension !== '.js') return extension === '.mjs' ? 'module' : 'commonjs';
  const about = await readFile(join(cwd, 'package.json'), 'utf8').catch(() => '{}');
  return /"type"\s*:\s*"module"/.test(about) ? 'module' : 'commonjs';
}

function isTs(file: string): boolean {
  return /\.[cm]?ts$/.test(file);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

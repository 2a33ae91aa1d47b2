import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileFailed, migrationNameWrong } from '../errors.js';
import type { CliIo } from '../io.js';
import { findOptions } from '../config/find-options.js';
import { folderOf } from '../scripts/find-files.js';
import type { ScriptKind } from './migration-template.js';
import { migrationTemplate } from './migration-template.js';

/** Where a new migration goes, and what it is written in. */
export interface NewMigration {
  readonly config?: string;
  readonly dir?: string;
  readonly js?: true;
  readonly ts?: true;
}

/**
 * Writes the file of a new migration, named after its time.
 *
 * @returns its path, from the folder of the command on
 * @throws DustError `invalid_options` for a name that no class can have, `storage` when the file cannot be written
 */
export async function createMigration(name: string, flags: NewMigration, io: CliIo): Promise<string> {
  const words = classWords(name);
  const time = io.clock.now();
  const { text, extension } = migrationTemplate(`${words}${time}`, await kindOf(flags, io.cwd));
  const file = join(await folderFor(flags, io), `${time}-${words}.${extension}`);
  try {
    await mkdir(resolve(file, '..'), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw fileFailed('written', file, error);
  }
  return relative(io.cwd, file);
}

/** `add-author` and `AddAuthor` as the name of a class. */
function classWords(name: string): string {
  const words = name
    .split(/[-_\s]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  if (!/^\p{L}[\p{L}\p{N}]*$/u.test(words)) throw migrationNameWrong(name);
  return words;
}

async function folderFor({ dir, config }: NewMigration, io: CliIo): Promise<string> {
  if (dir !== undefined) return resolve(io.cwd, dir);
  const { options } = config === undefined ? { options: undefined } : await findOptions({ config }, io);
  const pattern = options?.migrations?.find((each) => typeof each === 'string');
  return pattern === undefined ? resolve(io.cwd, 'migrations') : folderOf(pattern, io.cwd);
}

async function kindOf({ ts, js, config }: NewMigration, cwd: string): Promise<ScriptKind> {
  if (ts === true) return 'ts';
  if (js !== true && (/\.[cm]?ts$/.test(config ?? '') || (await isThere(join(cwd, 'tsconfig.json'))))) {
    return 'ts';
  }
  const about = await readFile(join(cwd, 'package.json'), 'utf8').catch(() => '{}');
  return /"type"\s*:\s*"module"/.test(about) ? 'module' : 'commonjs';
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

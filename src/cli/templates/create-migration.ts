import { mkdir, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileFailed, migrationNameWrong } from '../errors.js';
import type { CliIo } from '../io.js';
import { findOptions } from '../config/find-options.js';
import { migrationPlace } from './migration-place.js';
import type { PlaceFlags } from './migration-place.js';
import { migrationTemplate } from './migration-template.js';

/** A migration's file that was written. */
export interface NewMigration {
  /** Its path, from the folder of the command on. */
  readonly file: string;
  /** Whether the configuration names it; undefined without a configuration. */
  readonly isNamed: boolean | undefined;
}

/**
 * Writes the file of a new migration, named after its time.
 *
 * @throws DustError `invalid_options` for a name that no class can have, and for a kind of file that the configuration does not look for; `storage` when the file cannot be written
 */
export async function createMigration(name: string, flags: PlaceFlags, io: CliIo): Promise<NewMigration> {
  const words = classWords(name);
  const time = io.clock.now();
  const { config } = flags;
  const options = config === undefined ? undefined : (await findOptions({ config }, io)).options;
  const patterns = options && (options.migrations ?? []).filter((each) => typeof each === 'string');
  const { file, kind, isNamed } = await migrationPlace(`${time}-${words}`, flags, patterns, io.cwd);
  try {
    await mkdir(resolve(file, '..'), { recursive: true });
    await writeFile(file, migrationTemplate(`${words}${time}`, kind), { flag: 'wx' });
  } catch (error) {
    throw fileFailed('written', file, error);
  }
  return { file: relative(io.cwd, file), isNamed };
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

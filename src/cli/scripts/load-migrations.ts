import type { MigrationClass } from '../../migrations/index.js';
import { messageOf } from '../../errors.js';
import { migrationsMissing, scriptFailed } from '../errors.js';
import { findFiles } from './find-files.js';
import { exportsOf } from './load-script.js';

/**
 * The migrations of options, with those of the files that they name.
 *
 * @param cwd where relative names begin
 * @throws DustError `invalid_options` for a file that cannot be loaded or exports none
 */
export async function loadMigrations(
  given: readonly (MigrationClass | string)[],
  cwd: string,
): Promise<readonly MigrationClass[]> {
  const found = new Set<MigrationClass>(given.filter((each) => typeof each !== 'string'));
  const patterns = given.filter((each) => typeof each === 'string');
  for (const file of await findFiles(patterns, cwd)) {
    for (const migration of await migrationsIn(file)) found.add(migration);
  }
  return [...found];
}

async function migrationsIn(file: string): Promise<readonly MigrationClass[]> {
  const exported = await exportsOf(file).catch((error: unknown) => {
    throw scriptFailed('migration', file, messageOf(error), error);
  });
  const migrations = Object.values(exported).filter(isMigration);
  if (migrations.length === 0) throw migrationsMissing(file, Object.keys(exported));
  return migrations;
}

function isMigration(value: unknown): value is MigrationClass {
  const owner: unknown = typeof value === 'function' ? Reflect.get(value, 'prototype') : value;
  if (typeof owner === 'object' && owner !== null && typeof Reflect.get(owner, 'up') === 'function') {
    return true;
  }
  // A class whose up is a property has it only when it is made.
  return typeof value === 'function' && /\d{13}$/.test(value.name);
}

import { duplicateMigration, migrationNotMade, nameWithoutTime, withoutUp } from './errors.js';
import type { Migration, MigrationClass, MigrationInterface } from './types.js';

/** As many digits as a JavaScript time stamp has until the year 2286. */
const TIME = /\d{13}$/;

/**
 * The migrations in their order, made and named.
 *
 * @throws DustError `invalid_options` for a class that cannot be made, one without `up`, a name without a time stamp or one that occurs twice
 */
export function resolveMigrations(given: readonly MigrationClass[]): readonly Migration[] {
  const migrations = given
    .map(resolved)
    .sort((a, b) => a.timestamp - b.timestamp || (a.name < b.name ? -1 : 1));
  for (const [index, { name }] of migrations.entries()) {
    if (migrations[index + 1]?.name === name) throw duplicateMigration(name);
  }
  return migrations;
}

/** The time stamp in a migration's name; undefined where there is none. */
export function timestampIn(name: string): number | undefined {
  const [digits] = TIME.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function resolved(given: MigrationClass): Migration {
  const instance = typeof given === 'function' ? made(given) : given;
  const { name = instance.constructor.name }: { readonly name?: unknown } = instance;
  const timestamp = timestampIn(String(name));
  if (timestamp === undefined) throw nameWithoutTime(String(name));
  if (typeof (instance.up as unknown) !== 'function') throw withoutUp(String(name));
  return { name: String(name), timestamp, instance };
}

function made(type: new () => MigrationInterface): MigrationInterface {
  try {
    return new type();
  } catch (error) {
    throw migrationNotMade(type.name, error);
  }
}

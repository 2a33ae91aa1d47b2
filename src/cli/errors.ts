import type { PathLike } from 'node:fs';
import { DustError, messageOf } from '../errors.js';
import type { Path } from '../protocol/paths/path.js';

/** How many folders a message names. */
const MAX_NAMED = 10;

/** Neither flags nor the environment say where the store is. */
export function targetMissing(): DustError {
  return new DustError(
    'invalid_options',
    'Nothing says where the store is. Give --config ormconfig.ts; or --url, --store and the variable DUST_TOKEN; or set DUST_BASE_URL, ' +
      'DUST_STORE and DUST_TOKEN; or give --data with the folder of an embedded store.',
  );
}

/** Two flags that each say where the store is. */
export function flagsExclude(one: string, other: string): DustError {
  return new DustError(
    'invalid_options',
    `${one} and ${other} each say where the store is. Give one of them.`,
  );
}

/** A flag that says which store, or with what token, and nothing beside it that says where. */
export function flagAlone(flag: '--store' | '--token'): DustError {
  const lacking =
    flag === '--store'
      ? 'Set the variable DUST_TOKEN as well, for a server; or give --data for a folder, or --config'
      : 'Give --store as well, or set the variable DUST_STORE';
  return new DustError('invalid_options', `${flag} alone does not say where the store is. ${lacking}.`);
}

/** A file of a token that there is none in. */
export function unusableTokenFile(message: string): DustError {
  return new DustError('invalid_options', message);
}

/** A server without all that is needed to use it. */
export function flagMissing(missing: string, variable: string): DustError {
  return new DustError(
    'invalid_options',
    `With --url, ${missing} is needed too. Give ${missing}, or set the variable ${variable}.`,
  );
}

/** Options whose data is gone with each process. */
export function storeInMemory(source: string): DustError {
  return new DustError(
    'invalid_options',
    `The options in ${source} keep the store in memory, where another process finds nothing. Give them a path, or url and token.`,
  );
}

/**
 * A folder that is to be read and is not there.
 *
 * @param below the ways from it to folders that hold a store
 * @param source the file whose option path names it; undefined when a flag does
 */
export function noStoreFolder(folder: string, below: readonly string[], source?: string): DustError {
  const check =
    source === undefined
      ? 'Check --data. "put" and "import" make a new store.'
      : `Check the option path in ${source}, which begins at the folder where the command runs. "migrate up" and "seed" make a new store.`;
  const cure =
    below.length === 0
      ? `the folder does not exist or holds no data. ${check}`
      : `${storesBelow(below)} Name one with --store when the folder is one that "serve" was given, or give its own folder as --data.`;
  return new DustError('invalid_options', `There is no store in ${folder}: ${cure}`);
}

/** Names the first of the folders below that hold a store, and counts the others. */
export function storesBelow(ways: readonly string[]): string {
  const named = ways.slice(0, MAX_NAMED).join(', ');
  const more = ways.length > MAX_NAMED ? ` and ${ways.length - MAX_NAMED} more` : '';
  return `those below it are ${named}${more}.`;
}

/** A folder that is to be backed up and holds nothing to be backed up. */
export function nothingToBackUp(folder: string): DustError {
  return new DustError(
    'invalid_options',
    `There is no store in ${folder}: the folder does not exist, or neither it nor those below it hold data. Check the name of the folder to back up.`,
  );
}

/** A folder that a program has open, and only that can copy. */
export function folderInUse(cause: DustError): DustError {
  return new DustError(
    'storage',
    `${cause.message} To back it up while it is in use, call dataSource.backup(out) in that program.`,
    { detail: cause.detail, cause },
  );
}

/** A transport that can do less than what a command needs. */
export function dumpsUnsupported(command: string): DustError {
  return new DustError(
    'not_supported',
    `"${command}" works on a server or a data folder. The transport that the options give as an instance or factory is neither; ` +
      'give url and token, or path.',
  );
}

/** A flag's value that cannot be used. */
export function invalidFlag(flag: string, expected: string, found: string): DustError {
  return new DustError('invalid_options', `${flag} must be ${expected}, not ${JSON.stringify(found)}.`);
}

/** A server that other machines can reach, without a token. */
export function tokenNeeded(host: string): DustError {
  return new DustError(
    'invalid_options',
    `--host ${host} can be reached from other machines, so give the server a token of your own (--token, or the variable ` +
      'DUST_TOKEN), or let it listen on 127.0.0.1.',
  );
}

/** A value that is not JSON. */
export function notJson(source: string, cause: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${source} is not JSON. A text needs its quotes, as in '"text"', and property names too. Nothing was written.`,
    { cause },
  );
}

/** JSON with a number that would be stored as another one. @param rounded says which */
export function notExact(source: string, rounded: string): DustError {
  return new DustError('invalid_value', `${source} holds ${rounded}. Nothing was written.`);
}

/** JSON that stands for a value which no store can hold. */
export function notStorable(
  source: string,
  { reason, at }: { readonly reason: string; readonly at: string },
): DustError {
  const place = at === '' ? '' : ` at ${at}`;
  return new DustError(
    'invalid_value',
    `${source} holds ${reason}${place}, which no store can hold. Nothing was written.`,
  );
}

/** A file that cannot be read or written. */
export function fileFailed(action: 'read' | 'written', file: PathLike, cause: unknown): DustError {
  const reason = messageOf(cause);
  return new DustError('storage', `The file ${String(file)} cannot be ${action}: ${reason}.`, {
    detail: 'file',
    cause,
  });
}

/** A path under which nothing is stored. */
export function nothingAt(path: Path): DustError {
  return new DustError('not_found', `There is nothing at ${JSON.stringify(path)}.`, { path });
}

/** An index that the store does not have. */
export function noIndexAt(prefix: Path, paths: readonly Path[]): DustError {
  const by = paths.length === 0 ? 'nothing' : paths.join(' ');
  return new DustError(
    'not_found',
    `There is no index of ${JSON.stringify(prefix)} by ${by}. dust-orm indexes lists them all: name the paths of one in their order.`,
    { path: prefix },
  );
}

/** A configuration file that is not there. */
export function configMissing(file: string): DustError {
  return new DustError(
    'invalid_options',
    `There is no configuration file ${file}. Check the path after --config.`,
  );
}

/** A configuration file of a kind that is not read. */
export function configKind(file: string): DustError {
  return new DustError(
    'invalid_options',
    `The configuration file ${file} must be TypeScript (.ts, .mts, .cts), JavaScript (.js, .mjs, .cjs) or JSON (.json).`,
  );
}

/** A configuration file that does not load. */
export function configFailed(file: string, cause: unknown): DustError {
  const reason = messageOf(cause).trim();
  const cure = /^(ParseError|TRANSFORM_ERROR)/.test(reason)
    ? '\nWhen this is TypeScript that your own build understands, compile it and give the JavaScript.'
    : '';
  return new DustError(
    'invalid_options',
    `The configuration file ${file} could not be loaded: ${reason}${cure}`,
    { cause },
  );
}

/** A configuration file that says nothing. */
export function configEmpty(file: string, exported: readonly string[]): DustError {
  return new DustError(
    'invalid_options',
    `The configuration file ${file} must export, as default, options or dataSource, an object of data source options, ` +
      `a DataSource, or a function that returns either. ${found(exported)}`,
  );
}

/** An import that stopped after some of it was written. */
export function importStopped(imported: number, cause: DustError): DustError {
  return new DustError(
    cause.kind,
    `${cause.message} The ${imported} leaves before were written; importing the whole dump again does no harm.`,
    { detail: cause.detail, retryable: cause.retryable, cause },
  );
}

/** Nothing says which cluster. */
export function clusterMissing(): DustError {
  return new DustError(
    'invalid_options',
    'Nothing says where the log of the cluster is. Give --cluster postgres://user@host/db, or set DUST_CLUSTER_URL.',
  );
}

/** Nothing says which store of a cluster. */
export function clusterStoreMissing(): DustError {
  return new DustError(
    'invalid_options',
    'Nothing says which store of the cluster. Give --store org/name, or set DUST_STORE.',
  );
}

/** A command that needs the classes of a program, and was not told where they are. */
export function configNeeded(command: string): DustError {
  return new DustError(
    'invalid_options',
    `"${command}" needs the classes of your program: give --config with the file that exports the options of its data source.`,
  );
}

/** A script that does not load. */
export function scriptFailed(what: string, file: string, reason: string, cause: unknown): DustError {
  return new DustError('invalid_options', `The ${what} ${file} could not be loaded: ${reason}`, { cause });
}

/** A file of migrations without any. */
export function migrationsMissing(file: string, exported: readonly string[]): DustError {
  return new DustError(
    'invalid_options',
    `The file ${file} exports no migration: a class or an object with a method up, whose name ends in a time stamp. ${found(exported)}`,
  );
}

/** A file of seeds without one. */
export function seedMissing(file: string, exported: readonly string[]): DustError {
  return new DustError('invalid_options', `The file ${file} exports no function seed. ${found(exported)}`);
}

/** Nothing to seed with. */
export function seedsMissing(patterns: number): DustError {
  const cure =
    patterns === 0
      ? 'Name files, or give the configuration the option seeds.'
      : 'No file has such a name. Check the patterns; they begin at the folder where the command runs.';
  return new DustError('invalid_options', `There are no seeds. ${cure}`);
}

/** A name that no class can have. */
export function migrationNameWrong(name: string): DustError {
  return new DustError(
    'invalid_options',
    `A migration's name begins with a letter and has letters and digits, such as AddAuthor, not ${JSON.stringify(name)}. Its folder is given by --dir.`,
  );
}

/** A new migration that would never be found. */
export function migrationNotNamed(patterns: readonly string[], file: string): DustError {
  return new DustError(
    'invalid_options',
    `The configuration looks for migrations at ${patterns.join(', ')}, which does not find ${file}. Nothing was written. ` +
      'Leave out --js or --ts, change the patterns, or say by --dir where the file goes that becomes one of those.',
  );
}

function found(exported: readonly string[]): string {
  return exported.length === 0 ? 'It exports nothing.' : `It exports ${exported.join(', ')}.`;
}

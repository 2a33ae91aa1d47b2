import { DustError, isDustError } from '../errors.js';
import type { EntityMetadata } from '../metadata/types.js';
import { describeValue } from '../query/index.js';

/** A use before `initialize()`. */
export function notInitialized(name: string): DustError {
  return new DustError(
    'not_initialized',
    `The data source "${name}" has not been initialised. Await dataSource.initialize() before using it.`,
  );
}

/** A use after `destroy()`. */
export function destroyed(name: string): DustError {
  return new DustError(
    'closed',
    `The data source "${name}" has been destroyed. Await dataSource.initialize() to open it again, or destroy it later.`,
  );
}

/** A store that does not lie in a folder of this machine. */
export function backupElsewhere(source: string): DustError {
  return new DustError(
    'not_supported',
    `The data source "${source}" has a store that does not lie in a folder of this machine. Back it up where it lies; or write its leaves to a file with ` +
      '`dust-orm export`.',
    { detail: 'backup' },
  );
}

/** A store that lies on a server, and its log in a database. */
export function clusterOfServer(): DustError {
  return new DustError(
    'invalid_options',
    'A data source has its store from a server (url) or as a node of a cluster (cluster), not both. Leave one of them out.',
  );
}

/** Something behind the folder that a backup is made into. */
export function backupOptions(): DustError {
  return new DustError('invalid_options', 'backup() takes the folder to make, and nothing else.');
}

/** A class that is not among the entities. */
export function unknownEntity(source: string, className: string): DustError {
  return new DustError(
    'invalid_metadata',
    `The data source "${source}" does not know the entity ${className}. Add the class to the option entities.`,
  );
}

/** A plain object where only an instance tells the class. */
export function classMissing(): DustError {
  return new DustError(
    'invalid_metadata',
    'A plain object does not tell its class. Name the class first, as in manager.save(Link, { … }), or create an instance.',
  );
}

/** Something else where an entity is needed. */
export function notAnEntity(found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `Expected an entity, an instance of one of the data source's classes, not ${describeValue(found)}. Nothing was written.`,
  );
}

/** Something else where options are needed. */
export function optionsNotAnObject(): DustError {
  return new DustError(
    'invalid_options',
    'new DataSource() takes an object of options, such as { entities: [Link] }.',
  );
}

/** An option with a value it cannot have. */
export function invalidOption(option: string, expected: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DataSource option ${option} must be ${expected}, not ${describeValue(found)}.`,
  );
}

const EXAMPLES = {
  token: 'token: process.env.DUST_TOKEN',
  store: "store: 'org/name', as the server knows it",
} as const;

/** One of the options that lead to a server, without another one. */
export function missingBeside(given: string, missing: 'token' | 'store'): DustError {
  return new DustError(
    'invalid_options',
    `DataSource option ${given} is given and ${missing} is not. Write ${EXAMPLES[missing]}; ` +
      'or spread dataSourceOptionsFromEnv(), which reads DUST_BASE_URL, DUST_TOKEN and DUST_STORE.',
  );
}

/** An option of a store in this process, beside one that leads to a server. */
export function localOptionWithServer(
  given: 'url' | 'token',
  option: 'path' | 'takeOver' | 'verify' | 'share',
): DustError {
  return new DustError(
    'invalid_options',
    `DataSource options ${given} and ${option} exclude each other: with a ${given} the store lies on the server, with a path in a folder of this machine. ` +
      `Leave ${option} out, or leave url and token out.`,
  );
}

/** A folder to share, and none named. */
export function shareWithoutFolder(): DustError {
  return new DustError(
    'invalid_options',
    'DataSource option share needs a path: the folder that is shared. Name one, such as path: "./data", or leave share out.',
  );
}

/** A node of a cluster whose copy is to be shared. */
export function shareOfNode(): DustError {
  return new DustError(
    'invalid_options',
    'DataSource options share and cluster exclude each other: every process of a cluster is a node of its own. Give each a path of its own and leave share ' +
      'out.',
  );
}

/** A server, and the wish for a store in this process. */
export function embeddedWithServer(given: 'url' | 'token'): DustError {
  return new DustError(
    'invalid_options',
    `DataSource options ${given} and transport: 'embedded' exclude each other. Leave transport out to use the server, or url ` +
      'and token to run the store in this process.',
  );
}

/** Some of the variables that lead to a server, without the others. */
export function variablesMissing(
  missing: readonly { readonly name: string; readonly example: string }[],
  given: readonly string[],
): DustError {
  const names = missing.map(({ name }) => name).join(' and ');
  const examples = missing.map(({ name, example }) => `${name}=${example}`).join(' ');
  return new DustError(
    'invalid_options',
    `The environment names ${given.join(' and ')}, but not ${names}. Set ${examples} as well; or unset all of them to run ` +
      'the store in this process.',
  );
}

/** What a variable of the environment is called in a message. */
export function variableName(variable: string): string {
  return `The environment variable ${variable}`;
}

/** A variable that holds the word for no value. */
export function variableUnset(variable: string, word: string): DustError {
  return new DustError(
    'invalid_options',
    `${variableName(variable)} holds the word "${word}": what it was copied from was not set.`,
  );
}

/** Something else where the variables of the environment are needed. */
export function environmentMissing(found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `dataSourceOptionsFromEnv() takes an object of variables, such as process.env, not ${describeValue(found)}.`,
  );
}

/** A variable that is no text; not shown, because it may be a token. */
export function variableNoText(variable: string, found: unknown): DustError {
  const what = found === null ? 'null' : `a value of type ${typeof found}`;
  return new DustError('invalid_options', `${variableName(variable)} must be a text, not ${what}.`);
}

/** A class given twice. */
export function duplicateEntity(name: string): DustError {
  return new DustError('invalid_options', `DataSource option entities names ${name} twice.`);
}

/** A class that was undefined when the options were made. */
export function entityMissing(index: number): DustError {
  return new DustError(
    'invalid_options',
    `DataSource option entities holds undefined at position ${index}: the class was not defined yet when the options were made. ` +
      'Check for a circular import.',
  );
}

/** Two entities of one store whose prefixes are equal or nested. */
export function overlappingPrefixes(outer: EntityMetadata, inner: EntityMetadata): DustError {
  const relation =
    outer.prefixPath === inner.prefixPath ? 'has the same prefix as' : 'has a prefix inside that of';
  return new DustError(
    'invalid_metadata',
    `${inner.name} (${JSON.stringify(inner.prefix)}) ${relation} ${outer.name} (${JSON.stringify(outer.prefix)}), ` +
      'so that records of one would be read as records or fields of the other. Give each entity a prefix of its own.',
  );
}

/** An entity where leases and sessions are kept (PROTOCOL §6, §7). */
export function reservedPrefix(entity: EntityMetadata): DustError {
  return new DustError(
    'invalid_metadata',
    `${entity.name}: the prefix ${JSON.stringify(entity.prefix)} lies in "_dust", which is kept for leases and sessions. Choose another.`,
  );
}

/** One transport for entities of several stores. */
export function instanceForOneStore(store: string, entity: EntityMetadata): DustError {
  return new DustError(
    'invalid_options',
    `${entity.name} lies in the store "${entity.store ?? ''}", but the transport given as an instance leads to "${store}". ` +
      'Give a factory instead: transport: (context) => …, called once for each store.',
  );
}

/** What kept the indexes of these entities from being built; what is not ours, as it is. */
export function indexingFailed(entities: readonly EntityMetadata[], error: unknown): unknown {
  if (!isDustError(error)) return error;
  const names = entities.map(({ name }) => name).join(' and ');
  const { kind, message, detail, retryable, currentRevision, path, retryAfter, status, duplicate } = error;
  return new DustError(kind, `The indexes of ${names} cannot be used: ${message}`, {
    detail,
    retryable,
    currentRevision,
    path,
    retryAfter,
    status,
    duplicate,
    cause: error,
  });
}

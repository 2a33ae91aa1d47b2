import { DustError } from '../errors.js';
import type { EntityMetadata } from '../metadata/types.js';
import { describeValue, nearestName } from '../query/index.js';
import { DATA_SOURCE_OPTIONS } from './data-source-options.js';

const REMOTE_OPTIONS: readonly string[] = [
  'url',
  'token',
  'socketUrl',
  'realtime',
  'cache',
  'mirror',
  'delivery',
];

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

/** An option the method does not know. */
export function unknownOption(option: string): DustError {
  if (REMOTE_OPTIONS.includes(option)) {
    return new DustError(
      'invalid_options',
      `DataSource has no option "${option}": this version runs the embedded store only, in memory or in the folder given as path.`,
    );
  }
  const guess = nearestName(option, DATA_SOURCE_OPTIONS);
  return new DustError(
    'invalid_options',
    `DataSource has no option "${option}". ` +
      (guess === undefined ? `It knows ${DATA_SOURCE_OPTIONS.join(', ')}.` : `Did you mean "${guess}"?`),
  );
}

/** An option with a value it cannot have. */
export function invalidOption(option: string, expected: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DataSource option ${option} must be ${expected}, not ${describeValue(found)}.`,
  );
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

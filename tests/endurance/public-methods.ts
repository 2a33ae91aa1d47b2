import { DataSource, EntityManager, EventBridge, Repository } from '../../src/index.js';
import { DataSourceAbsences } from '../../src/repository/absent/data-source-absences.js';
import { EntityManagerAbsences } from '../../src/repository/absent/entity-manager-absences.js';
import { RepositoryAbsences } from '../../src/repository/absent/repository-absences.js';

/** What only throws, under the names of TypeORM. */
const ABSENT: ReadonlySet<object> = new Set([
  RepositoryAbsences.prototype,
  EntityManagerAbsences.prototype,
  DataSourceAbsences.prototype,
]);

/** The public members of a class and of what it inherits, but for its constructor: methods, getters and symbols. */
export function publicMembersOf(prototype: object): string[] {
  const names = new Set<string>();
  for (
    let level: object | null = prototype;
    level !== null && level !== Object.prototype;
    level = parentOf(level)
  ) {
    for (const key of Reflect.ownKeys(level)) {
      if (key !== 'constructor' && !ABSENT.has(level)) names.add(typeof key === 'symbol' ? nameOf(key) : key);
    }
  }
  return [...names];
}

/** Older versions of Node describe the symbols that they define themselves in another way. */
function nameOf(symbol: symbol): string {
  if (symbol === Symbol.asyncDispose) return '[Symbol.asyncDispose]';
  return symbol === Symbol.dispose ? '[Symbol.dispose]' : `[${symbol.description ?? ''}]`;
}

function parentOf(prototype: object): object | null {
  return Reflect.getPrototypeOf(prototype);
}

/** Everything public that somebody could call a thousand times, as `Class.member`. */
export const PUBLIC_MEMBERS: readonly string[] = Object.entries({
  Repository,
  EntityManager,
  DataSource,
  EventBridge,
}).flatMap(([name, { prototype }]) => publicMembersOf(prototype).map((member) => `${name}.${member}`));

/** What is not driven by itself, and why. */
export const EXCUSED: Readonly<Record<string, string>> = {
  'Repository.context': 'internal: what every method begins with',
  'EventBridge.state': 'a field, read by the drive of start',
  'EventBridge.error': 'a field',
  'EventBridge.stop': 'ends what the drive of start begins',
};

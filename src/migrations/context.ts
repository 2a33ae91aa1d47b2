import type { Clock } from '../clock.js';
import type { EntityManager } from '../repository/index.js';
import { checkWalkOptions } from './check-options.js';
import { duplicateWalk, notAWalk } from './errors.js';
import type { RunningMigration } from './running-migration.js';
import type { MigrationContext, Walk } from './types.js';
import { RecordWalk } from './walk/record-walk.js';
import type { WalkTold } from './walk/walk-meter.js';

/** What a context is made of. */
export interface ContextOptions {
  readonly manager: EntityManager;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly running: RunningMigration;
  /** Hears how far work has come; undefined when nobody listens. */
  readonly tell: ((how: Partial<WalkTold>) => void) | undefined;
}

/** What one run of a migration works with. */
export function createContext(options: ContextOptions): MigrationContext {
  const { manager, signal, tell } = options;
  const keys = new Set<string>();
  const walk: Walk = async (entity, fn, how = {}) => {
    checkWalkOptions(how);
    if (fn !== undefined && typeof (fn as unknown) !== 'function') throw notAWalk(fn);
    const context = manager.contexts.contextOf(entity);
    const key = claimedKey(keys, context.metadata.prefixPath, how.key);
    return new RecordWalk({ ...options, context, entity, fn, key, how }).run();
  };
  return {
    manager,
    transport: manager.contexts.transport(),
    signal,
    walk,
    progress: (processed, total) => tell?.({ processed, ...(total !== undefined && { total }) }),
  };
}

/** The key of a walk: its own, or the prefix with a number where a walk before has that. @throws DustError `invalid_options` */
function claimedKey(keys: Set<string>, prefix: string, given: string | undefined): string {
  if (given !== undefined && keys.has(given)) throw duplicateWalk(given);
  let key = given ?? prefix;
  for (let number = 2; keys.has(key); number += 1) key = `${prefix}#${number}`;
  keys.add(key);
  return key;
}

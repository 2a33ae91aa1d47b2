import type { Clock } from '../clock.js';
import type { EntityManager } from '../repository/index.js';
import { checkWalkOptions } from './check-options.js';
import { duplicateWalk, notAWalk } from './errors.js';
import type { RunningMigration } from './running-migration.js';
import type { MigrationContext, Walk } from './types.js';
import { RecordWalk } from './walk/record-walk.js';
import type { WalksUnderWay } from './walks-under-way.js';
import type { WalkTold } from './walk/walk-meter.js';

/** What a context is made of. */
export interface ContextOptions {
  readonly manager: EntityManager;
  readonly clock: Clock;
  /** Fires when the migration is to stop. */
  readonly signal: AbortSignal;
  /** Fires when what walks have visited may no longer be saved, either. */
  readonly saving: AbortSignal;
  readonly walks: WalksUnderWay;
  readonly running: RunningMigration;
  /** Hears how far work has come; undefined when nobody listens. */
  readonly tell: ((how: Partial<WalkTold>) => void) | undefined;
}

/** What one run of a migration works with. */
export function createContext(options: ContextOptions): MigrationContext {
  const { manager, signal, walks, tell } = options;
  const keys = new Set<string>();
  const through: Walk = async (entity, fn, how = {}) => {
    walks.assertOpen();
    checkWalkOptions(how);
    if (fn !== undefined && typeof (fn as unknown) !== 'function') throw notAWalk(fn);
    const context = manager.contexts.contextOf(entity);
    const key = claimedKey(keys, context.metadata.prefixPath, how.key);
    return new RecordWalk({ ...options, context, entity, fn, key, how }).run();
  };
  const walk: Walk = (entity, ...more) => walks.begin(nameOf(entity), through(entity, ...more));
  return {
    manager,
    transport: manager.contexts.transport(),
    signal,
    walk,
    progress: (processed, total) => tell?.({ processed, ...(total !== undefined && { total }) }),
  };
}

function nameOf(entity: unknown): string {
  return typeof entity === 'function' ? entity.name : String(entity);
}

/** The key of a walk: its own, or the prefix with a number where a walk before has that. @throws DustError `invalid_options` */
function claimedKey(keys: Set<string>, prefix: string, given: string | undefined): string {
  if (given !== undefined && keys.has(given)) throw duplicateWalk(given);
  let key = given ?? prefix;
  for (let number = 2; keys.has(key); number += 1) key = `${prefix}#${number}`;
  keys.add(key);
  return key;
}

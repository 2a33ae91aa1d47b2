import type { EntityContext } from '../entity-context.js';
import type { ListenerOptions } from '../requests/write-options.js';

/** The context of a write, without those who listen where they are not to be told. */
export function heardBy<T extends object>(
  context: EntityContext<T>,
  { listeners = true }: ListenerOptions,
): EntityContext<T> {
  return listeners ? context : { ...context, lifecycle: undefined };
}

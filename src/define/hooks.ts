import type { EntityHooks, HookDeclaration, HookName } from '../metadata/index.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import { invalidDefinition } from './errors.js';

/** A function that is called with an entity when that is read or written. What it returns is waited for, where it is a promise. */
export type DefinedHook<Entity> = (entity: Entity) => unknown;

/** What is called when the entities of a defined class are read and written, by the names of the decorators that say the same. */
export type DefinedHooks<Entity> = Readonly<
  Partial<Record<HookName, DefinedHook<Entity> | readonly DefinedHook<Entity>[]>>
>;

const NAMES: OptionNames<EntityHooks> = {
  afterLoad: true,
  beforeSave: true,
  beforeInsert: true,
  afterInsert: true,
  beforeUpdate: true,
  afterUpdate: true,
  afterSave: true,
  beforeRemove: true,
  afterRemove: true,
  beforeSoftRemove: true,
  afterSoftRemove: true,
  beforeRecover: true,
  afterRecover: true,
};

/**
 * The hooks of a definition, as they would be declared.
 *
 * @throws DustError `invalid_options` for an unknown name, `invalid_metadata` for what is no function
 */
export function hooksIn(caller: string, hooks: DefinedHooks<never>): HookDeclaration[] {
  checkOptionNames(`${caller}: hooks`, hooks, NAMES);
  return Object.entries(hooks).flatMap(([name, given]: [string, unknown]) => {
    const listeners: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
    return listeners.map((listener): HookDeclaration => {
      if (typeof listener !== 'function') {
        throw invalidDefinition(`the hook ${name} is no function. Write ${name}: (entity) => { … }.`);
      }
      return { hook: name as HookName, listener: listener as (entity: object) => unknown };
    });
  });
}

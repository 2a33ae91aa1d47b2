import type { HookName } from '../metadata/index.js';
import { declare, standardDecorator, uncalledDecorator } from '../metadata/index.js';

/** A decorator for methods that are called when an entity is read or written. */
export type HookDecorator = (target: object, property: string | symbol) => void;

/**
 * Marks a method that is called before the entity is inserted: by `save` of one whose record does not exist, `insert`, `insertMany`,
 * `upsert` and in a batch. What it changes is validated and written; when it throws, nothing is sent.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeInsert(...none: readonly never[]): HookDecorator {
  return hook('BeforeInsert', 'beforeInsert', none);
}

/**
 * Marks a method that is called after the entity was inserted. What it changes is not written.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterInsert(...none: readonly never[]): HookDecorator {
  return hook('AfterInsert', 'afterInsert', none);
}

/**
 * Marks a method that is called before a change of the entity is saved. It is not called where nothing has changed. What it changes is
 * validated and written; when it throws, nothing is sent.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeUpdate(...none: readonly never[]): HookDecorator {
  return hook('BeforeUpdate', 'beforeUpdate', none);
}

/**
 * Marks a method that is called after a change of the entity was saved. What it changes is not written.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterUpdate(...none: readonly never[]): HookDecorator {
  return hook('AfterUpdate', 'afterUpdate', none);
}

/**
 * Marks a method that is called before the entity is inserted or a change of it is saved, ahead of {@link BeforeInsert} and {@link
 * BeforeUpdate}.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeSave(...none: readonly never[]): HookDecorator {
  return hook('BeforeSave', 'beforeSave', none);
}

/**
 * Marks a method that is called after the entity was inserted or a change of it saved, behind {@link AfterInsert} and {@link
 * AfterUpdate}.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterSave(...none: readonly never[]): HookDecorator {
  return hook('AfterSave', 'afterSave', none);
}

/**
 * Marks a method that is called after the entity was read: by the methods that find, `stream`, `live`, `events` and `preload`. The read
 * waits for it.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterLoad(...none: readonly never[]): HookDecorator {
  return hook('AfterLoad', 'afterLoad', none);
}

/**
 * Marks a method that is called before the record of the entity is deleted by `remove`. When it throws, nothing is sent.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeRemove(...none: readonly never[]): HookDecorator {
  return hook('BeforeRemove', 'beforeRemove', none);
}

/**
 * Marks a method that is called after the record of the entity was deleted by `remove`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterRemove(...none: readonly never[]): HookDecorator {
  return hook('AfterRemove', 'afterRemove', none);
}

/**
 * Marks a method that is called before the entity is marked as deleted by `softRemove`. When it throws, nothing is sent.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeSoftRemove(...none: readonly never[]): HookDecorator {
  return hook('BeforeSoftRemove', 'beforeSoftRemove', none);
}

/**
 * Marks a method that is called after the entity was marked as deleted by `softRemove`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterSoftRemove(...none: readonly never[]): HookDecorator {
  return hook('AfterSoftRemove', 'afterSoftRemove', none);
}

/**
 * Marks a method that is called before the mark is taken off a deleted entity by `recover`. When it throws, nothing is sent.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function BeforeRecover(...none: readonly never[]): HookDecorator {
  return hook('BeforeRecover', 'beforeRecover', none);
}

/**
 * Marks a method that is called after the mark was taken off a deleted entity by `recover`.
 *
 * @throws DustError `invalid_metadata` when the compiler applies it as a standard decorator, and without parentheses
 */
export function AfterRecover(...none: readonly never[]): HookDecorator {
  return hook('AfterRecover', 'afterRecover', none);
}

function hook(decorator: string, name: HookName, given: readonly unknown[]): HookDecorator {
  if (given.length > 0) throw uncalledDecorator(decorator, '');
  return (target, property) => {
    if (typeof property !== 'string' && typeof property !== 'symbol') throw standardDecorator(decorator);
    const isStatic = typeof target === 'function';
    const listener = { property, isStatic };
    declare(isStatic ? target : target.constructor).hooks.push({ hook: name, listener });
  };
}

import type { HookName } from '../metadata/index.js';
import { uncalledDecorator } from '../metadata/index.js';
import type { StandardDecorator } from './standard-context.js';
import { registering } from './standard-context.js';

/**
 * Marks a method that is called before the entity is inserted.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeInsert(...none: readonly never[]): StandardDecorator {
  return hook('BeforeInsert', 'beforeInsert', none);
}

/**
 * Marks a method that is called after the entity was inserted.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterInsert(...none: readonly never[]): StandardDecorator {
  return hook('AfterInsert', 'afterInsert', none);
}

/**
 * Marks a method that is called before a change of the entity is saved.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeUpdate(...none: readonly never[]): StandardDecorator {
  return hook('BeforeUpdate', 'beforeUpdate', none);
}

/**
 * Marks a method that is called after a change of the entity was saved.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterUpdate(...none: readonly never[]): StandardDecorator {
  return hook('AfterUpdate', 'afterUpdate', none);
}

/**
 * Marks a method that is called before the entity is inserted or a change of it is saved.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeSave(...none: readonly never[]): StandardDecorator {
  return hook('BeforeSave', 'beforeSave', none);
}

/**
 * Marks a method that is called after the entity was inserted or a change of it saved.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterSave(...none: readonly never[]): StandardDecorator {
  return hook('AfterSave', 'afterSave', none);
}

/**
 * Marks a method that is called after the entity was read.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterLoad(...none: readonly never[]): StandardDecorator {
  return hook('AfterLoad', 'afterLoad', none);
}

/**
 * Marks a method that is called before the record of the entity is deleted by `remove`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeRemove(...none: readonly never[]): StandardDecorator {
  return hook('BeforeRemove', 'beforeRemove', none);
}

/**
 * Marks a method that is called after the record of the entity was deleted by `remove`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterRemove(...none: readonly never[]): StandardDecorator {
  return hook('AfterRemove', 'afterRemove', none);
}

/**
 * Marks a method that is called before the entity is marked as deleted by `softRemove`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeSoftRemove(...none: readonly never[]): StandardDecorator {
  return hook('BeforeSoftRemove', 'beforeSoftRemove', none);
}

/**
 * Marks a method that is called after the entity was marked as deleted by `softRemove`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterSoftRemove(...none: readonly never[]): StandardDecorator {
  return hook('AfterSoftRemove', 'afterSoftRemove', none);
}

/**
 * Marks a method that is called before the mark is taken off a deleted entity by `recover`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function BeforeRecover(...none: readonly never[]): StandardDecorator {
  return hook('BeforeRecover', 'beforeRecover', none);
}

/**
 * Marks a method that is called after the mark was taken off a deleted entity by `recover`.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function AfterRecover(...none: readonly never[]): StandardDecorator {
  return hook('AfterRecover', 'afterRecover', none);
}

function hook(decorator: string, name: HookName, given: readonly unknown[]): StandardDecorator {
  if (given.length > 0) throw uncalledDecorator(decorator, '');
  return registering(decorator, ({ hooks }, listener) => {
    if (listener !== undefined) hooks.push({ hook: name, listener });
  });
}

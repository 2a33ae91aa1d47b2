import type { EntityClass } from '../../metadata/types.js';
import type { RuleStorage } from '../peers/peer-types.js';
import type { ValidationPlan } from './validation-plan.js';
import { planValidation } from './validation-plan.js';

/** Where every loaded copy of class-validator keeps the rules of all classes, from the first decorator on. */
const STORAGE = 'classValidatorMetadataStorage';

/**
 * The rules of a class, as {@link planValidation} gives them; none for a class without any. Looks where class-validator keeps them and does not load
 * it: who has given a class a rule has done so.
 */
export function planRules(target: EntityClass): ValidationPlan | undefined {
  const storage = storageOfRules();
  if (storage === undefined) return [];
  return isStorage(storage) ? planValidation(target, storage) : undefined;
}

/** Whether a class has rules. Makes none of its constraints, which may have to wait for the container of an application. */
export function hasRules(target: EntityClass): boolean {
  const storage = storageOfRules();
  if (storage === undefined) return false;
  return !isStorage(storage) || storage.getTargetValidationMetadatas(target, '', false, false).length > 0;
}

function storageOfRules(): unknown {
  return Reflect.get(globalThis, STORAGE);
}

/** What a version keeps there that has other methods, only that version can read. */
function isStorage(value: unknown): value is RuleStorage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'getTargetValidationMetadatas' in value &&
    'getTargetValidatorConstraints' in value
  );
}

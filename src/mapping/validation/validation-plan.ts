import type { EntityClass } from '../../metadata/types.js';
import type { RuleArguments, RuleInstance, RuleMetadata, RuleStorage } from '../peers/peer-types.js';
import { propertiesOf } from '../properties.js';

type Rule = (entity: object, value: unknown) => boolean;

interface PropertyPlan {
  readonly property: string;
  /** When one of them does not hold, the rules do not apply (`@IsOptional`, `@ValidateIf`). */
  readonly conditions: readonly Rule[];
  readonly rules: readonly Rule[];
}

/** The rules of one class, ready to be asked directly. */
export type ValidationPlan = readonly PropertyPlan[];

/**
 * The class-validator rules of a class, looked up once instead of at every validation. `undefined` when some of them
 * need more than a look at a property's value: nested objects, promises, asynchronous constraints.
 */
export function planValidation(target: EntityClass, storage: RuleStorage): ValidationPlan | undefined {
  const byProperty = new Map<string, { conditions: Rule[]; rules: Rule[] }>();
  for (const metadata of storage.getTargetValidationMetadatas(target, '', false, false)) {
    const plan = byProperty.get(metadata.propertyName) ?? { conditions: [], rules: [] };
    byProperty.set(metadata.propertyName, plan);
    switch (metadata.type) {
      case 'conditionalValidation':
        plan.conditions.push(conditionOf(metadata));
        break;
      case 'customValidation':
      case 'isDefined': {
        const constraints = storage.getTargetValidatorConstraints(metadata.constraintCls);
        if (constraints.some((constraint) => constraint.async)) return undefined;
        for (const { instance } of constraints) plan.rules.push(ruleOf(metadata, instance));
        break;
      }
      case 'whitelistValidation':
        break;
      default:
        return undefined;
    }
  }
  return [...byProperty].map(([property, plan]) => ({ property, ...plan }));
}

/**
 * Whether an entity surely meets all rules. When it returns false, it may still do so: class-validator knows, and
 * words the errors. Properties that are undefined and `exempt` are not looked at.
 */
export function surelyValid(
  plan: ValidationPlan,
  entity: object,
  exempt: (property: string) => boolean,
): boolean {
  const properties = propertiesOf(entity);
  for (const { property, conditions, rules } of plan) {
    const value = properties[property];
    if (value === undefined && exempt(property)) continue;
    if (!conditions.every((condition) => condition(entity, value))) continue;
    for (const rule of rules) {
      if (!rule(entity, value)) return false;
    }
  }
  return true;
}

function conditionOf({ constraints }: RuleMetadata): Rule {
  const condition: unknown = constraints[0];
  return typeof condition === 'function'
    ? (entity, value) => Boolean(Reflect.apply(condition, undefined, [entity, value]))
    : () => true;
}

function ruleOf(metadata: RuleMetadata, constraint: RuleInstance): Rule {
  const { each, propertyName, validateIf } = metadata;
  const { constraints } = metadata;
  const holds: Rule = (object, value) => {
    const argumentsOfRule: RuleArguments = {
      targetName: object.constructor.name,
      property: propertyName,
      object,
      value,
      constraints,
    };
    const items = each ? itemsOf(value) : undefined;
    if (items === undefined) return isSureYes(constraint.validate(value, argumentsOfRule));
    return items.every((item) => isSureYes(constraint.validate(item, argumentsOfRule)));
  };
  if (validateIf === undefined) return holds;
  return (entity, value) => !validateIf(entity, value) || holds(entity, value);
}

/** A constraint that is not marked as asynchronous may still return a promise, which is no answer yet. */
function isSureYes(answer: unknown): boolean {
  return Boolean(answer) && typeof answer !== 'object';
}

function itemsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  return value instanceof Set || value instanceof Map ? [...value.values()] : undefined;
}

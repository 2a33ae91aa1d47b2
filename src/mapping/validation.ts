import type { ValidatorOptions } from 'class-validator';
import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import { propertiesOf } from './properties.js';
import { validationFailed, withRequired } from './validation-errors.js';
import type { ValidationPlan } from './validation-plan.js';
import { hasRules, planRules } from './rules.js';
import { surelyValid } from './validation-plan.js';

export interface ValidateOptions {
  /** The entity is a partial update: properties that are undefined are no part of it and break no rule. Default false. */
  readonly partial?: boolean;
  /** The record's slug, for the message. Default: what the entity's slug property holds. */
  readonly slug?: string;
}

/** Checks entities of one class against their class-validator rules and their required fields. */
export interface RecordValidator<T extends object> {
  /**
   * Resolves when nothing is wrong; undefined when that is known without waiting. Rules are those of class-validator
   * with `forbidUnknownValues: false` and no whitelist. A property that the write itself fills in (a default, a time
   * stamp) or that has a value of its own in the store (a counter, a set, the version) breaks no rule by being
   * undefined.
   *
   * @throws EntityValidationError
   */
  validate(entity: Partial<T>, options?: ValidateOptions): Promise<void> | undefined;
}

/**
 * The validator of one entity class. class-validator is slow to load, so that happens when there is something to ask it: not for
 * a class without rules, unless to word what is missing. `options` are passed on to it, and win over the defaults named at {@link RecordValidator}.
 */
export function createValidator<T extends object>(
  metadata: EntityMetadata<T>,
  options: ValidatorOptions = {},
): RecordValidator<T> {
  return new ClassRulesValidator(metadata, options);
}

interface Rules {
  /** `undefined` when only class-validator can tell. */
  readonly plan: ValidationPlan | undefined;
}

class ClassRulesValidator<T extends object> implements RecordValidator<T> {
  readonly #metadata: EntityMetadata<T>;
  readonly #required: readonly FieldMetadata[];
  readonly #filledIn: ReadonlySet<string>;
  readonly #options: ValidatorOptions;
  #rules: Rules | undefined;

  constructor(metadata: EntityMetadata<T>, options: ValidatorOptions) {
    this.#options = options;
    this.#metadata = metadata;
    this.#required = metadata.fields.filter(({ required }) => required);
    this.#filledIn = new Set(metadata.fields.filter(isFilledIn).map(({ propertyName }) => propertyName));
  }

  validate(source: Partial<T>, { partial = false, slug }: ValidateOptions = {}): Promise<void> | undefined {
    const entity = this.#asInstance(source);
    if (this.#isSurelyValid(entity, partial)) return undefined;
    return this.#validate(entity, partial, slug);
  }

  /** Whether all rules hold, as far as that is known without class-validator. */
  #isSurelyValid(entity: object, partial: boolean): boolean {
    const { plan } = (this.#rules ??= this.#lookUpRules());
    if (plan === undefined || this.#missing(entity, partial).length > 0) return false;
    return surelyValid(plan, entity, (property) => this.#isExempt(property, partial));
  }

  async #validate(entity: object, partial: boolean, slug: string | undefined): Promise<void> {
    const classValidator = await import('class-validator');
    const missing = this.#missing(entity, partial);
    const found = await classValidator.validate(entity, {
      forbidUnknownValues: false,
      whitelist: false,
      ...this.#options,
      ...(partial && { skipUndefinedProperties: true }),
    });
    const values = propertiesOf(entity);
    const broken = found.filter(
      ({ property }) => values[property] !== undefined || !this.#isExempt(property, partial),
    );
    const errors = withRequired(broken, missing, entity, () => new classValidator.ValidationError());
    if (errors.length > 0) throw validationFailed(this.#metadata, slug ?? this.#slugIn(values), errors);
  }

  /** Once: rules that a class gets later are not looked for. */
  #lookUpRules(): Rules {
    return { plan: hasOptions(this.#options) ? undefined : planRules(this.#metadata.target) };
  }

  #missing(entity: object, partial: boolean): string[] {
    const values = propertiesOf(entity);
    return this.#required
      .map(({ propertyName }) => propertyName)
      .filter((property) => {
        const value = values[property];
        return value === null || (value === undefined && !partial && !this.#filledIn.has(property));
      });
  }

  /** Whether a property may be undefined whatever its rules say. */
  #isExempt(property: string, partial: boolean): boolean {
    return partial || this.#filledIn.has(property);
  }

  /** Plain objects and partials become an instance without its initialisers, which would add values. */
  #asInstance(source: object): object {
    const prototype: unknown = Reflect.get(this.#metadata.target, 'prototype');
    if (Object.getPrototypeOf(source) === prototype || typeof prototype !== 'object') return source;
    return Object.create(prototype, Object.getOwnPropertyDescriptors(source)) as object;
  }

  #slugIn(values: Record<string, unknown>): string | undefined {
    const slug = values[this.#metadata.slugProperty];
    return typeof slug === 'string' ? slug : undefined;
  }
}

/** With options of its own class-validator may have something to say about a class without rules, too. */
function hasOptions(options: ValidatorOptions): boolean {
  return Object.keys(options).length > 0;
}

/**
 * Loads class-validator when one of the entities has rules that it may be asked about, so that the first write need not wait for it;
 * otherwise costs nothing.
 */
export async function loadClassValidator(
  entities: readonly EntityMetadata[],
  options: ValidatorOptions = {},
): Promise<void> {
  const isNeeded = hasOptions(options) || entities.some(({ target }) => hasRules(target));
  if (isNeeded) await import('class-validator');
}

function isFilledIn({ role, default: fallback }: FieldMetadata): boolean {
  return fallback !== undefined || (role !== 'plain' && role !== 'file');
}

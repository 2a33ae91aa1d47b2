import type * as ClassValidator from 'class-validator';
import type { EntityMetadata, FieldMetadata } from '../../metadata/types.js';
import type { ClassValidatorOptions, PropertyError } from '../peers/peer-types.js';
import { importClassValidator } from '../peers/optional-peers.js';
import { propertiesOf } from '../properties.js';
import { CodecFault } from '../codecs/codec.js';
import type { FieldFault } from './field-faults.js';
import { withFaults, withSchemaFaults } from './field-faults.js';
import { isFilledIn } from '../filled-in.js';
import type { SchemaFault } from '../schemas/ask-schema.js';
import { SchemaChecks } from '../schemas/schema-checks.js';
import { validationFailed } from './validation-failed.js';
import type { ValidationPlan } from './validation-plan.js';
import { hasRules, planRules } from './rules.js';
import { surelyValid } from './validation-plan.js';

export interface ValidateOptions {
  /** The entity is a partial update: properties that are undefined are no part of it and break no rule. Default false. */
  readonly partial?: boolean;
  /** Properties of the record that the entity was loaded without: being undefined, they break no rule. Default: none. */
  readonly leftOut?: ReadonlySet<string> | undefined;
  /** Values that cannot be stored, found by the mapper, to be told with what breaks rules. Default: none. */
  readonly faults?: readonly FieldFault[];
  /** The record's slug, for the message. Default: what the entity's slug property holds. */
  readonly slug?: string;
  /** The properties that the write itself gives values to, for the schema of the entity. Default: none. */
  readonly filledIn?: (() => object) | undefined;
}

/** Checks entities of one class against their class-validator rules, their schemas and their required fields. */
export interface RecordValidator<T extends object> {
  /**
   * Resolves when nothing is wrong; undefined when that is known without waiting. Rules are those of class-validator
   * with `forbidUnknownValues: false` and no whitelist. A property that the write itself fills in (a default, a time
   * stamp) or that has a value of its own in the store (a counter, a set, the version) breaks no rule by being
   * undefined.
   *
   * @throws EntityValidationError; DustError `invalid_metadata` when a schema fails
   */
  validate(entity: Partial<T>, options?: ValidateOptions): Promise<void> | undefined;
}

/**
 * The validator of one entity class. class-validator is slow to load, so that happens when there is something to ask it: not for
 * a class without rules, unless to word what is missing. `options` are passed on to it, and win over the defaults named at {@link RecordValidator}.
 */
export function createValidator<T extends object>(
  metadata: EntityMetadata<T>,
  options: ClassValidatorOptions = {},
): RecordValidator<T> {
  return new ClassRulesValidator(metadata, options);
}

/** For writes without validation: what cannot be stored is refused all the same. */
export function createUncheckedValidator<T extends object>(metadata: EntityMetadata<T>): RecordValidator<T> {
  return {
    validate(entity, { slug, faults = [] } = {}) {
      if (faults.length === 0) return undefined;
      return Promise.reject(validationFailed(metadata, slug, withFaults([], faults, entity)));
    },
  };
}

interface Rules {
  /** `undefined` when only class-validator can tell. */
  readonly plan: ValidationPlan | undefined;
}

/** What is wrong with an entity, class-validator aside. */
interface Found {
  readonly faults: readonly FieldFault[];
  readonly schemaFaults: readonly SchemaFault[];
}

const MISSING = new CodecFault('a value', 'none', { rule: 'isRequired' });

/** Which properties may be undefined. */
type Absent = Required<Pick<ValidateOptions, 'partial' | 'leftOut'>>;

class ClassRulesValidator<T extends object> implements RecordValidator<T> {
  readonly #metadata: EntityMetadata<T>;
  readonly #required: readonly FieldMetadata[];
  readonly #filledIn: ReadonlySet<string>;
  /** Of these only the mapper knows what is stored of null. */
  readonly #transformed: ReadonlySet<string>;
  /** What `populate` fills is no part of the record, whatever rules it has. */
  readonly #populated: readonly string[];
  /** The properties that are part of it. */
  readonly #stored: readonly string[];
  readonly #options: ClassValidatorOptions;
  readonly #schemas: SchemaChecks | undefined;
  #rules: Rules | undefined;
  /** Loaded once, however many writes ask at a time: where modules are CommonJS, each import takes milliseconds. */
  #classValidator: Promise<typeof ClassValidator> | undefined;

  constructor(metadata: EntityMetadata<T>, options: ClassValidatorOptions) {
    this.#options = options;
    this.#metadata = metadata;
    this.#schemas = SchemaChecks.of(metadata);
    this.#required = metadata.fields.filter(({ required }) => required);
    this.#populated = metadata.references.map(({ as }) => as);
    this.#stored = [metadata.slugProperty, ...metadata.fields.map(({ propertyName }) => propertyName)];
    const filledIn = metadata.fields.filter(isFilledIn).map(({ propertyName }) => propertyName);
    this.#filledIn = new Set([...filledIn, ...this.#populated]);
    this.#transformed = new Set(
      metadata.fields
        .filter(({ transformers }) => transformers.length > 0)
        .map(({ propertyName }) => propertyName),
    );
  }

  validate(
    source: Partial<T>,
    { partial = false, leftOut, slug, faults = [], filledIn }: ValidateOptions = {},
  ): Promise<void> | undefined {
    const entity = this.#asInstance(source);
    const absent = { partial, leftOut };
    const isSure = this.#isSurelyValid(entity, absent) && faults.length === 0;
    if (this.#schemas === undefined) {
      return isSure ? undefined : this.#validate(entity, absent, slug, { faults, schemaFaults: [] });
    }
    const refused = this.#schemas.check(entity, { ...absent, filledIn });
    const settle = (schemaFaults: readonly SchemaFault[]): Promise<void> | undefined =>
      isSure && schemaFaults.length === 0
        ? undefined
        : this.#validate(entity, absent, slug, { faults, schemaFaults });
    return refused instanceof Promise ? refused.then(settle) : settle(refused);
  }

  /** Whether all rules hold, as far as that is known without class-validator. */
  #isSurelyValid(entity: object, absent: Absent): boolean {
    const { plan } = (this.#rules ??= this.#lookUpRules());
    if (plan === undefined || this.#missing(entity, absent).length > 0) return false;
    return surelyValid(plan, entity, (property) => this.#isExempt(property, absent));
  }

  async #validate(
    entity: object,
    absent: Absent,
    slug: string | undefined,
    { faults, schemaFaults }: Found,
  ): Promise<void> {
    const values = propertiesOf(entity);
    const { broken, makeError } = await this.#askRules(entity, absent);
    const missing = this.#missing(entity, absent).map((property) => ({ property, fault: MISSING }));
    const mistyped = withFaults(broken, [...missing, ...faults], entity, makeError);
    const errors = withSchemaFaults(mistyped, schemaFaults, entity, makeError);
    if (errors.length > 0) throw validationFailed(this.#metadata, slug ?? this.#slugIn(values), errors);
  }

  /** What class-validator says, and how its errors are made. Where it is not installed, a class without rules does without them. */
  async #askRules(
    entity: object,
    absent: Absent,
  ): Promise<{ broken: PropertyError[]; makeError?: () => PropertyError }> {
    const loaded = (this.#classValidator ??= importClassValidator(whyClassValidator(this.#metadata.name)));
    const { plan } = (this.#rules ??= this.#lookUpRules());
    const classValidator = await (plan?.length === 0 ? loaded.catch(() => undefined) : loaded);
    if (classValidator === undefined) return { broken: [] };
    const { validate, ValidationError } = classValidator;
    const values = propertiesOf(entity);
    const found = await validate(entity, {
      forbidUnknownValues: false,
      whitelist: false,
      ...this.#options,
      ...(absent.partial && { skipUndefinedProperties: true }),
    });
    const broken = found.filter(
      ({ property }) => values[property] !== undefined || !this.#isExempt(property, absent),
    );
    return { broken, makeError: () => new ValidationError() };
  }

  /** Once: rules that a class gets later are not looked for. */
  #lookUpRules(): Rules {
    return { plan: hasOptions(this.#options) ? undefined : planRules(this.#metadata.target) };
  }

  #missing(entity: object, absent: Absent): string[] {
    const values = propertiesOf(entity);
    return this.#required
      .map(({ propertyName }) => propertyName)
      .filter((property) => {
        const value = values[property];
        if (value === null) return !this.#transformed.has(property);
        return value === undefined && !this.#isExempt(property, absent);
      });
  }

  /** Whether a property may be undefined whatever its rules say. */
  #isExempt(property: string, { partial, leftOut }: Absent): boolean {
    return partial || this.#filledIn.has(property) || leftOut?.has(property) === true;
  }

  /**
   * Plain objects and partials become an instance without its initialisers, which would add values; what has been populated, one without
   * what was filled in.
   */
  #asInstance(source: object): object {
    const prototype: unknown = Reflect.get(this.#metadata.target, 'prototype');
    const isFilled = this.#populated.some((property) => propertiesOf(source)[property] !== undefined);
    if (typeof prototype !== 'object') return source;
    if (Object.getPrototypeOf(source) === prototype && !isFilled) return source;
    const descriptors: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(source);
    for (const property of this.#populated) Reflect.deleteProperty(descriptors, property);
    // What an accessor keeps in a private place is not there in another object.
    for (const property of isFilled ? this.#stored : []) {
      if (Object.hasOwn(descriptors, property) || !(property in source)) continue;
      const value = propertiesOf(source)[property];
      descriptors[property] = { value, enumerable: true, writable: true, configurable: true };
    }
    return Object.create(prototype, descriptors) as object;
  }

  #slugIn(values: Record<string, unknown>): string | undefined {
    const slug = values[this.#metadata.slugProperty];
    return typeof slug === 'string' ? slug : undefined;
  }
}

/** With options of its own class-validator may have something to say about a class without rules, too. */
function hasOptions(options: ClassValidatorOptions): boolean {
  return Object.keys(options).length > 0;
}

/**
 * Loads class-validator when one of the entities has rules that it may be asked about, so that the first write need not wait for it;
 * otherwise costs nothing.
 *
 * @throws DustError `invalid_options` with detail `package_missing` when it is needed and not installed
 */
export async function loadClassValidator(
  entities: readonly EntityMetadata[],
  options: ClassValidatorOptions = {},
): Promise<void> {
  const ruled = entities.find(({ target }) => hasRules(target));
  if (ruled !== undefined) await importClassValidator(whyClassValidator(ruled.name));
  else if (hasOptions(options)) await importClassValidator('The option validation is for class-validator');
}

function whyClassValidator(name: string): string {
  return `${name} has rules of class-validator`;
}

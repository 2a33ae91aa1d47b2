import type { EntityClass } from '../../metadata/types.js';

// What the mapper takes from class-validator and class-transformer, in types of its own: a program without those packages compiles against these.

/** What is wrong with one property, and with what is below it, in the form of class-validator's `ValidationError`. */
export interface PropertyError {
  /** The object that has the property. */
  target?: object;
  /** The property's name; of an item of a list, its position. */
  property: string;
  /** What it holds. */
  value?: unknown;
  /** What it breaks: messages by the names of rules. */
  constraints?: Record<string, string>;
  /** What is wrong with the properties of its value. */
  children?: PropertyError[];
  /** What decorators of class-validator were given as `context`, by the names of rules. */
  contexts?: Record<string, unknown>;
  /** All messages as text. */
  toString(
    shouldDecorate?: boolean,
    hasParent?: boolean,
    parentPath?: string,
    showConstraintMessages?: boolean,
  ): string;
}

/** The options of class-validator: its `ValidatorOptions`. */
export interface ClassValidatorOptions {
  /** Whether it tells of its own what may be a mistake. */
  enableDebugMessages?: boolean;
  /** Whether rules pass over what is undefined. */
  skipUndefinedProperties?: boolean;
  /** Whether rules pass over null. */
  skipNullProperties?: boolean;
  /** Whether rules pass over both. */
  skipMissingProperties?: boolean;
  /** Whether properties without rules are taken off. */
  whitelist?: boolean;
  /** Whether properties without rules are refused, with `whitelist`. */
  forbidNonWhitelisted?: boolean;
  /** The groups of rules to ask. */
  groups?: string[];
  /** Whether rules without a group are asked in any case. */
  always?: boolean;
  /** Whether rules without a group are not asked where `groups` is empty. */
  strictGroups?: boolean;
  /** Whether errors have no messages but those that rules were given. */
  dismissDefaultMessages?: boolean;
  /** What errors hold beside their messages. */
  validationError?: {
    /** Whether they hold the object. */
    target?: boolean;
    /** Whether they hold the value. */
    value?: boolean;
  };
  /** Whether an object without any rule is refused. */
  forbidUnknownValues?: boolean;
  /** Whether a property is asked no further when one of its rules is broken. */
  stopAtFirstError?: boolean;
}

/** A rule on a property, as class-validator keeps it. */
export interface RuleMetadata {
  readonly type: string;
  readonly propertyName: string;
  readonly constraintCls: unknown;
  readonly constraints: unknown[];
  readonly each: boolean;
  readonly validateIf?: ((object: object, value: unknown) => boolean) | undefined;
}

/** What a rule is asked with, beside the value. */
export interface RuleArguments {
  readonly targetName: string;
  readonly property: string;
  readonly object: object;
  readonly value: unknown;
  readonly constraints: unknown[];
}

/** What looks at a value for a rule. */
export interface RuleConstraint {
  readonly async: boolean;
  readonly instance: RuleInstance;
}

/** An instance of the class of a constraint. */
export interface RuleInstance {
  validate(value: unknown, args: RuleArguments): unknown;
}

/** Where class-validator keeps the rules of all classes. */
export interface RuleStorage {
  getTargetValidationMetadatas(
    target: EntityClass,
    schema: string,
    always: boolean,
    strictGroups: boolean,
  ): RuleMetadata[];
  getTargetValidatorConstraints(constraint: unknown): RuleConstraint[];
}

/** The part of class-transformer that maps nested classes without `@Field`. */
export interface ClassTransformer {
  /** A plain object that says what an instance does. */
  readonly instanceToPlain: (instance: object) => unknown;
  /** An instance of a class that says what a plain object does. */
  readonly plainToInstance: (target: new () => object, plain: unknown) => unknown;
}

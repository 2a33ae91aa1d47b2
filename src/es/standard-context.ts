import type { ClassDeclarations, PropertyDeclaration } from '../metadata/index.js';
import { declare, legacyDecorator } from '../metadata/index.js';
import { DustError } from '../errors.js';

/** What a compiler tells a standard decorator of the class or the member that it stands on, as far as it matters here. */
export interface StandardContext {
  /** What is decorated: `class`, `field`, `accessor` and so on. */
  readonly kind: string;
  /** The name of the class or the member. */
  readonly name: string | symbol | undefined;
  /** Whether a member belongs to the class, and not to its instances. */
  readonly static?: boolean;
  /** Whether a member's name begins with `#`. */
  readonly private?: boolean;
  /** What all decorators of the class share. */
  readonly metadata: object | undefined;
}

/** What a compiler tells of a member that holds `Value`. */
export interface MemberContext<Value> extends StandardContext {
  /** How the member is read. */
  readonly access: {
    /** Whether an object has it. */
    has?(object: never): boolean;
    /** What an object holds there. */
    get?(object: never): Value | null | undefined;
  };
}

/** A standard decorator for a class or any of its members. */
export type StandardDecorator = (value: unknown, context: StandardContext) => void;

/** A standard decorator for members that hold `Value`, null or undefined; on others it is a type error. */
export type MemberDecorator<Value> = (value: unknown, context: MemberContext<Value>) => void;

/** A standard decorator for a class that can be made without arguments. */
export type StandardClassDecorator = (target: new () => object, context: StandardContext) => void;

/**
 * Node has no such symbol yet. Compilers look for it where a class is made, which is after its decorators were loaded, and those that
 * find none take this one.
 */
if (typeof Reflect.get(Symbol, 'metadata') !== 'symbol') {
  Object.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata') });
}

/** A decorator that adds to what its class declares; `declaration` is undefined on a class itself. */
export function registering(
  decorator: string,
  register: (declarations: ClassDeclarations, declaration: PropertyDeclaration | undefined) => void,
): StandardDecorator {
  return (...given: readonly unknown[]) => {
    const context = contextIn(decorator, given);
    const declarations = declare(metadataOf(decorator, context));
    if (context.kind === 'class') register(declarations, undefined);
    else register(declarations, propertyOf(decorator, context));
  };
}

function contextIn(decorator: string, [, context]: readonly unknown[]): StandardContext {
  if (typeof context !== 'object' || context === null || !('kind' in context)) {
    throw legacyDecorator(decorator);
  }
  return context as StandardContext;
}

function metadataOf(decorator: string, { metadata }: StandardContext): object {
  if (typeof metadata === 'object') return metadata;
  throw new DustError(
    'invalid_metadata',
    `@${decorator} was given no context.metadata. Compile with TypeScript 5.2 or newer, or another compiler of the decorators of 2023.`,
  );
}

function propertyOf(decorator: string, context: StandardContext): PropertyDeclaration {
  const { name = '', private: isPrivate = false, static: isStatic = false } = context;
  if (!isPrivate) return { property: name, isStatic };
  throw new DustError(
    'invalid_metadata',
    `@${decorator} is on ${String(name)}, which nothing outside of the class can read or write. Use a name without #.`,
  );
}

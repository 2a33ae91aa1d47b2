import type {
  ClassDeclarations,
  EntityClass,
  EntityOptions,
  IndexOptions,
  ScopeDefinition,
} from '../metadata/index.js';
import { declare } from '../metadata/index.js';
import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import { invalidDefinition } from './errors.js';
import type { DefinedHooks } from './hooks.js';
import { hooksIn } from './hooks.js';
import type { DefinedInstance } from './instance.js';
import type { PropertyDefinitions } from './property-definition.js';
import { registerProperty } from './property-definition.js';

/** An index over several properties, with a name or `unique`, as `@Index` on a class. */
export interface NamedIndexDefinition<Property extends string = string> extends IndexOptions {
  /** Its name, for messages. Default: none. */
  readonly name?: string;
  /** What it is ordered by. */
  readonly properties: readonly Property[];
}

/** An index over properties: a list of their names, or that with more to say. */
export type IndexDefinitionOptions<Property extends string = string> =
  readonly Property[] | NamedIndexDefinition<Property>;

/** A property by its name, or a part of a nested one as `address.city`. */
export type DefinedPropertyPath<Properties> =
  (keyof Properties & string) | `${keyof Properties & string}.${string}`;

/** What `defineNested` may be given beside the properties. */
export interface DefineNestedOptions<Property extends string = string> {
  /** What the class is called in messages. Default: `Nested`. */
  readonly name?: string;
  /** The indexes over its properties. Default: none but those of single fields. */
  readonly indexes?: readonly IndexDefinitionOptions<Property>[];
}

/** A where of a scope, by the names of the properties. */
export type DefinedScopeWhere<Property extends string = string> = Readonly<
  Partial<Record<Property extends `${string}.${string}` ? never : Property, unknown>>
>;

/** What a scope asks for, as {@link ScopeDefinition} says. */
export interface DefinedScope<Property extends string = string> extends ScopeDefinition {
  /** What records must fulfil, or a function that makes it for each query. */
  readonly where?:
    | DefinedScopeWhere<Property>
    | readonly DefinedScopeWhere<Property>[]
    | (() => DefinedScopeWhere<Property> | readonly DefinedScopeWhere<Property>[]);
  /** The order of reads that name none. */
  readonly order?: DefinedScopeWhere<Property>;
}

/** What `defineEntity` may be given beside prefix and properties: what `@DustEntity` may, the indexes and the hooks. */
export interface DefineEntityOptions<Property extends string = string, Entity = never> extends Omit<
  EntityOptions,
  'prefix' | 'scopes' | 'defaultScope'
> {
  /** What reads can ask for by name. Default: none. */
  readonly scopes?: Readonly<Record<string, DefinedScope<Property>>>;
  /** What applies to every read that does not say `unscoped: true`: scopes by their names, or one without a name. Default: none. */
  readonly defaultScope?: string | readonly string[] | DefinedScope<Property>;
  /** The indexes over its properties. Default: none but those of single fields. */
  readonly indexes?: readonly IndexDefinitionOptions<Property>[];
  /** What is called when its entities are read and written, as by `@BeforeInsert()` and the like. Default: nothing. */
  readonly hooks?: DefinedHooks<Entity>;
}

const NESTED_OPTIONS: OptionNames<DefineNestedOptions & ExtendsOption<object>> = {
  name: true,
  indexes: true,
  extends: true,
};

/** A base class, whose fields and methods the defined one has, too. */
export interface ExtendsOption<Base extends object> {
  /** The base class. A prefix that it has is not inherited. */
  readonly extends: EntityClass<Base>;
}

/**
 * Makes a class that is an entity without decorators: for JavaScript, and for compilers that know no decorators or record no types. It is
 * what {@link DustEntity} and {@link Field} make of a class, and everything takes it as such; what is wrong is reported when a data source is given it.
 *
 * Methods and getters stand in a class that extends it, which then is the entity, under its own name.
 *
 * @throws DustError `invalid_metadata` for properties that no `field()` or the like has made
 *
 * @example
 * class Bookmark extends defineEntity('bookmarks', {
 *   slug: slug(),
 *   title: field('string', { required: true }),
 *   visits: counterField(),
 * }) {
 *   get label(): string {
 *     return `${this.title} (${this.visits})`;
 *   }
 * }
 */
export function defineEntity<Properties extends PropertyDefinitions, Base extends object>(
  prefix: string | readonly string[],
  properties: Properties,
  options: DefineEntityOptions<string, Base & DefinedInstance<Properties>> & ExtendsOption<Base>,
): new () => Base & DefinedInstance<Properties>;
export function defineEntity<Properties extends PropertyDefinitions>(
  prefix: string | readonly string[],
  properties: Properties,
  options?: DefineEntityOptions<DefinedPropertyPath<Properties>, DefinedInstance<Properties>>,
): new () => DefinedInstance<Properties>;
export function defineEntity(
  prefix: string | readonly string[],
  properties: PropertyDefinitions,
  options: DefineEntityOptions & Partial<ExtendsOption<object>> = {},
): new () => object {
  if (typeof (options as unknown) !== 'object') {
    throw invalidDefinition("defineEntity takes its options as an object: { mode: 'map' }.");
  }
  const { indexes, extends: base, hooks = {}, ...entityOptions } = options;
  const entity: EntityOptions = { ...entityOptions, prefix };
  const target = classOf('defineEntity', properties, base);
  const declarations = declare(target);
  declarations.entities.push(entity);
  declarations.isExtended = true;
  for (const hook of hooksIn('defineEntity', hooks)) declarations.hooks.push(hook);
  const lastSegment = typeof prefix === 'string' ? prefix : prefix.at(-1);
  return finished(target, declarations, { name: entity.name ?? lastSegment, indexes, properties });
}

/**
 * Makes a class of values that entities hold, as one with `@Field`s would be: `address: nested(() => Address)`.
 *
 * @throws DustError `invalid_metadata` for properties that no `field()` or the like has made
 *
 * @example
 * const Address = defineNested({ street: field('string'), city: field('string', { required: true }) });
 * const Customer = defineEntity('customers', { id: slug(), address: nested(() => Address) });
 */
export function defineNested<Properties extends PropertyDefinitions, Base extends object>(
  properties: Properties,
  options: DefineNestedOptions & ExtendsOption<Base>,
): new () => Base & DefinedInstance<Properties>;
export function defineNested<Properties extends PropertyDefinitions>(
  properties: Properties,
  options?: DefineNestedOptions<DefinedPropertyPath<Properties>>,
): new () => DefinedInstance<Properties>;
export function defineNested(
  properties: PropertyDefinitions,
  options: DefineNestedOptions & Partial<ExtendsOption<object>> = {},
): new () => object {
  checkOptionNames('defineNested', options, NESTED_OPTIONS);
  const { indexes, extends: base, name = 'Nested' } = options;
  const target = classOf('defineNested', properties, base);
  return finished(target, declare(target), { name, indexes, properties });
}

function classOf(caller: string, properties: unknown, base: unknown): new () => object {
  if (typeof properties !== 'object' || properties === null) {
    throw invalidDefinition(`${caller} takes the properties as an object: { slug: slug(), … }.`);
  }
  if (base !== undefined && typeof base !== 'function') {
    throw invalidDefinition(`extends of ${caller} is not a class.`);
  }
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its properties are not the compiler's to know
  return base === undefined ? class {} : class extends (base as new () => object) {};
}

interface Rest {
  readonly name: unknown;
  readonly indexes: readonly IndexDefinitionOptions[] | undefined;
  readonly properties: PropertyDefinitions;
}

function finished(
  target: new () => object,
  declarations: ClassDeclarations,
  { name, indexes = [], properties }: Rest,
): new () => object {
  Object.defineProperty(target, 'name', { value: typeof name === 'string' ? name : '', configurable: true });
  for (const [property, given] of Object.entries(properties)) {
    registerProperty(target, declarations, property, given);
  }
  if (!Array.isArray(indexes)) {
    throw invalidDefinition("indexes takes a list, as in [['state', 'addedAt']].");
  }
  for (const index of indexes as readonly IndexDefinitionOptions[]) {
    declarations.indexes.push({ decorator: 'Index', decorated: undefined, args: argumentsOf(index) });
  }
  return target;
}

/** As `@Index` would be given it, which the checks are made for. */
function argumentsOf(index: IndexDefinitionOptions): readonly unknown[] {
  if (!isObject(index)) return [index];
  const { name, properties, ...options } = index;
  return [name, properties, options];
}

function isObject(
  index: IndexDefinitionOptions,
): index is Exclude<IndexDefinitionOptions, readonly string[]> {
  return typeof index === 'object' && !Array.isArray(index);
}

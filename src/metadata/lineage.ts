import type {
  EntityOptions,
  FieldDeclaration,
  HookDeclaration,
  IndexDeclaration,
  PropertyDeclaration,
  SlugDeclaration,
  ReferenceDeclaration,
} from './declarations.js';
import { declarationsOf } from './registry.js';
import type { EntityClass } from './types.js';

/** A declared property and the class that declared it. */
export interface Declared<Declaration extends PropertyDeclaration> {
  readonly declaration: Declaration;
  readonly owner: object;
}

/** A declared index and the class that declared it. */
export interface DeclaredIndex {
  readonly declaration: IndexDeclaration;
  readonly owner: object;
}

/** A declared hook and the class that declared it. */
export interface DeclaredHook {
  readonly declaration: HookDeclaration;
  readonly owner: object;
}

/** What a class declares together with its base classes. */
export interface Lineage {
  /** The `@DustEntity` declarations of the class itself: a prefix is not inherited, but from a base class that is there to be extended. */
  readonly entities: readonly EntityOptions[];
  /** The nearest base class with a `@DustEntity`, for messages. */
  readonly entityBase: string | undefined;
  readonly slugs: readonly Declared<SlugDeclaration>[];
  /** By property, the base class's first; a class that declares a property again replaces the declaration in place. */
  readonly fields: ReadonlyMap<string | symbol, Declared<FieldDeclaration>>;
  /** Properties that one class declares as a field more than once. */
  readonly repeated: readonly (string | symbol)[];
  /** The base class's first, those that fields declare by an option last. */
  readonly indexes: readonly DeclaredIndex[];
  /** The base class's first. */
  readonly hooks: readonly DeclaredHook[];
  /** Those whose field is the one that is declared beside them: a class may declare the property again as something else. */
  readonly references: readonly Declared<ReferenceDeclaration>[];
}

/** Collects the declarations of `target` and its base classes. */
export function lineageOf(target: EntityClass): Lineage {
  const slugs = new Map<string | symbol, Declared<SlugDeclaration>>();
  const fields = new Map<string | symbol, Declared<FieldDeclaration>>();
  const repeated = new Set<string | symbol>();
  const indexes: DeclaredIndex[] = [];
  const hooks: DeclaredHook[] = [];
  const references = new Map<string | symbol, Declared<ReferenceDeclaration>>();
  let entityBase: string | undefined;
  for (const owner of classesOf(target)) {
    const own = declarationsOf(owner);
    if (own === undefined) continue;
    if (owner !== target && own.entities.length > 0) entityBase = owner.name;
    for (const declaration of own.slugs) slugs.set(declaration.property, { declaration, owner });
    for (const declaration of own.fields) {
      if (fields.get(declaration.property)?.owner === owner) repeated.add(declaration.property);
      fields.set(declaration.property, { declaration, owner });
    }
    for (const declaration of own.indexes) indexes.push({ declaration, owner });
    for (const declaration of own.hooks) hooks.push({ declaration, owner });
    for (const declaration of own.references) references.set(declaration.property, { declaration, owner });
  }
  return {
    entities: entitiesOf(target),
    entityBase,
    slugs: [...slugs.values()],
    fields,
    repeated: [...repeated],
    indexes: [...indexes, ...[...fields.values()].filter(isUnique).map(uniqueField)],
    hooks,
    references: [...references.values()].filter(
      ({ declaration, owner }) => fields.get(declaration.property)?.owner === owner,
    ),
  };
}

/** What a class is declared as an entity by: itself, or the nearest base class that is an entity, if that one is there to be extended. */
export function entitiesOf(target: object): readonly EntityOptions[] {
  const owner = classesOf(target).findLast((candidate) => isEntity(candidate));
  const declared = owner && declarationsOf(owner);
  return declared !== undefined && (owner === target || declared.isExtended === true)
    ? declared.entities
    : [];
}

function isEntity(candidate: object): boolean {
  return (declarationsOf(candidate)?.entities.length ?? 0) > 0;
}

function isUnique({ declaration: { options, role } }: Declared<FieldDeclaration>): boolean {
  const given: unknown = options;
  return role === 'plain' && typeof given === 'object' && given !== null && options.unique === true;
}

function uniqueField({
  declaration: { property, isStatic },
  owner,
}: Declared<FieldDeclaration>): DeclaredIndex {
  return { declaration: { decorator: 'Unique', decorated: { property, isStatic }, args: [] }, owner };
}

/** A class and its base classes, the most general first. */
function classesOf(target: object): EntityClass[] {
  const chain: EntityClass[] = [];
  for (let current: unknown = target; isClass(current) && current !== Function.prototype;) {
    chain.unshift(current);
    current = Object.getPrototypeOf(current);
  }
  return chain;
}

function isClass(value: unknown): value is EntityClass {
  return typeof value === 'function';
}

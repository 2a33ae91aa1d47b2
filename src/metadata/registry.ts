import type { ClassDeclarations } from './declarations.js';
import { incompatibleRegistry } from './errors.js';

const KEY = Symbol.for('dust-orm.registry');

/** Raised whenever the shape of {@link ClassDeclarations} changes in a way older copies cannot read. */
const VERSION = 3;

interface Registry {
  readonly version: number;
  readonly classes: WeakMap<object, ClassDeclarations>;
}

/**
 * What was declared on `target` itself; `undefined` for a class without annotations. All loaded copies of this
 * package (ESM and CommonJS) share one registry, so a class may be annotated with one copy and used with another.
 *
 * @throws DustError `invalid_metadata` when a copy with another registry format was loaded first
 */
export function declarationsOf(target: object): ClassDeclarations | undefined {
  return sharedRegistry().classes.get(keyOf(target));
}

/** The declarations of `target`, a class or the metadata that its standard decorators share, made when there are none yet, to add to. */
export function declare(target: object): ClassDeclarations {
  const { classes } = sharedRegistry();
  const key = keyOf(target);
  const present = classes.get(key);
  if (present !== undefined) return present;
  const created: ClassDeclarations = {
    entities: [],
    slugs: [],
    fields: [],
    indexes: [],
    hooks: [],
    references: [],
  };
  classes.set(key, created);
  return created;
}

/** Standard decorators run before there is a class, and leave behind on it what they were given in its place. */
function keyOf(target: object): object {
  const symbol: unknown = Reflect.get(Symbol, 'metadata');
  if (typeof symbol !== 'symbol' || !Object.hasOwn(target, symbol)) return target;
  const metadata: unknown = Reflect.get(target, symbol);
  return typeof metadata === 'object' && metadata !== null ? metadata : target;
}

function sharedRegistry(): Registry {
  const present: unknown = Reflect.get(globalThis, KEY);
  if (present === undefined) {
    const created: Registry = { version: VERSION, classes: new WeakMap() };
    Object.defineProperty(globalThis, KEY, { value: created });
    return created;
  }
  if (!isRegistry(present)) throw incompatibleRegistry();
  return present;
}

function isRegistry(value: unknown): value is Registry {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'version') === VERSION;
}

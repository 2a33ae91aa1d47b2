import type { EntityMetadata } from '../../metadata/types.js';
import type {
  AnySelect,
  FindManyOptions,
  FindOneOptions,
  ReadConsistency,
  ScopeOptions,
} from '../operators/find-options.js';
import { checkFindManyOptions, checkFindOneOptions } from './check-options.js';
import type { OrderTerm } from './order.js';
import { compareByTerms, compileOrder } from './order.js';
import { readProperty } from '../values/property.js';
import { compareSlugs } from '../values/slug-order.js';
import type { OnRead } from './read-cost.js';
import type { PopulateTree } from './populate.js';
import { compilePopulate, withReferences } from './populate.js';
import type { Selection } from './select.js';
import { compileSelect } from './select.js';
import type { Implied } from './implied.js';
import { bothWheres, impliedBy } from './implied.js';
import type { CompiledWhere } from './where.js';
import { compileWhere } from './where.js';

/** Find options, checked and compiled for one entity class. */
export interface Query<T extends object> {
  /** Whether the entity meets `where`, and what is implied. */
  readonly matches: (entity: T) => boolean;
  /** Negative, zero or positive: `order` first, then store order. Zero only for the same slug. */
  readonly compare: (a: T, b: T) => number;
  /** The alternatives that `matches` was compiled from; `undefined` where all records match. */
  readonly alternatives: CompiledWhere['alternatives'] | undefined;
  /** Those of the where that was given. */
  readonly asked: CompiledWhere['alternatives'] | undefined;
  /** What is asked besides; undefined for a class that implies nothing. */
  readonly implied: Implied | undefined;
  /** What it says of deleted records and of default scopes, for the classes that it reads references of, too. */
  readonly seen: Pick<ScopeOptions, 'withDeleted' | 'unscoped'>;
  /** Whether it asks for more than that records are not deleted. */
  readonly isNarrowed: boolean;
  /** What `compare` was compiled from: without a term, results come as the store holds them. */
  readonly order: readonly OrderTerm[];
  /** Whether `order` was left out, so that results come as the store holds them. */
  readonly naturalOrder: boolean;
  /** Matches to pass over. */
  readonly skip: number;
  /** The most entities to return; `undefined` for all. */
  readonly take: number | undefined;
  /** The properties to hand out, the slug's among them; `undefined` for all. What is matched and ordered has them all. */
  readonly select: Selection;
  /** What is filled in of the references, by those who know the other classes; `undefined` for nothing. `select` has their properties. */
  readonly populate?: PopulateTree | undefined;
  readonly signal: AbortSignal | undefined;
  /** How new what is read must be; undefined for whatever there is. */
  readonly consistency?: ReadConsistency | undefined;
  /** Whether a write depends on it, and waits for a lost connection. */
  readonly forWrite?: boolean;
  /** Hears how it was carried out. */
  readonly onRead?: OnRead | undefined;
}

/**
 * Checks and compiles find options. Without `where`, every record matches that meets what is implied.
 *
 * @throws DustError `invalid_criteria` for a where that is empty, names an unknown property or does not fit one, and
 * `invalid_options` for anything else that is wrong
 */
export function compileQuery<T extends object>(
  metadata: EntityMetadata<T>,
  options: AnySelect<FindManyOptions<T>> = {},
  onRead?: OnRead,
  imply = impliedBy,
): Query<T> {
  checkFindManyOptions(metadata, options);
  const asked = Object.hasOwn(options, 'where') ? compileWhere(metadata, options.where) : undefined;
  const implied = imply(metadata, options);
  const where =
    asked !== undefined && implied?.where !== undefined
      ? bothWheres(asked, implied.where)
      : (asked ?? implied?.where);
  const by = options.order ?? implied?.order;
  const order = by === undefined ? [] : compileOrder(metadata, by);
  const populate = compilePopulate(metadata, options.populate);
  const compareTerms = compareByTerms(order);
  return {
    matches: where?.matches ?? (() => true),
    alternatives: where?.alternatives,
    asked: asked?.alternatives,
    implied,
    seen: seenBy(options),
    isNarrowed: asked !== undefined || implied?.isNarrowing === true,
    order,
    compare: (a, b) => {
      const ordered = compareTerms(a, b);
      return ordered === 0 ? compareInStoreOrder(metadata, a, b) : ordered;
    },
    naturalOrder: order.length === 0,
    skip: options.skip ?? 0,
    take: options.take,
    select: withReferences(metadata, compileSelect(metadata, options.select), populate),
    populate,
    signal: options.signal,
    consistency: options.consistency,
    onRead,
  };
}

/**
 * Checks and compiles the options of a read of one entity. `where` is required.
 *
 * @throws DustError as {@link compileQuery} does
 */
export function compileQueryForOne<T extends object>(
  metadata: EntityMetadata<T>,
  options: AnySelect<FindOneOptions<T>>,
  onRead?: OnRead,
): Query<T> {
  checkFindOneOptions(metadata, options);
  return { ...compileQuery(metadata, { ...options, where: options.where }, onRead), take: 1 };
}

function seenBy({ withDeleted = false, unscoped = false }: ScopeOptions): Query<object>['seen'] {
  return { withDeleted, unscoped };
}

function compareInStoreOrder(metadata: EntityMetadata, a: object, b: object): number {
  return compareSlugs(slugOf(metadata, a), slugOf(metadata, b));
}

function slugOf(metadata: EntityMetadata, entity: object): string {
  return String(readProperty(entity, metadata.slugProperty));
}

import type { EntityMetadata } from '../../metadata/types.js';
import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import { invalidOption } from '../values/errors.js';
import type { FindManyOptions, FindOneOptions, ScopeOptions } from '../operators/find-options.js';
import { propertyNames } from '../values/property.js';
import { checkScopeOptions, SCOPE_OPTIONS } from './scope-options.js';

type Given = Readonly<
  Partial<Record<'skip' | 'take' | 'signal' | 'consistency' | keyof ScopeOptions, unknown>>
>;

const ONE: OptionNames<FindOneOptions<object>> = {
  where: true,
  order: true,
  select: true,
  signal: true,
  consistency: true,
  ...SCOPE_OPTIONS,
  populate: true,
};
const MANY: OptionNames<FindManyOptions<object>> = { ...ONE, skip: true, take: true };

const POPULATE =
  "Declare the slug you hold with @Ref(() => Customer) customerId, and fill it in with { populate: ['customer'] }.";
const NOTHING_UNASKED = 'Nothing is read that is not asked for: name it in { populate: [...] }.';

/** Options of TypeORM that have no counterpart, with what to do instead. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['relations', POPULATE],
  ['relationLoadStrategy', 'Each class that populate names is read once for each level: leave it out.'],
  ['loadRelationIds', 'A @Ref() property holds the slugs at all times: leave it out.'],
  ['loadEagerRelations', NOTHING_UNASKED],
  ['join', POPULATE],
  ['lock', 'Use { ifMatch: revision } on the write, @VersionField(), or a lease.'],
  ['cache', 'There is no query cache: leave it out.'],
  ['comment', 'There is no query text to comment: leave it out.'],
  ['transaction', 'Use batch() for writes that must land together.'],
]);

/** @throws DustError `invalid_options` */
export function checkFindManyOptions(metadata: EntityMetadata, options: unknown): void {
  const given = checkNames(metadata, options, MANY);
  checkCount(metadata, 'skip', given.skip);
  checkCount(metadata, 'take', given.take);
  checkSignal(metadata, given.signal);
  checkConsistency(metadata, given.consistency);
  checkScopeOptions(metadata, given);
}

/** @throws DustError `invalid_options` */
export function checkFindOneOptions(metadata: EntityMetadata, options: unknown): void {
  const given = checkNames(metadata, options, ONE);
  checkSignal(metadata, given.signal);
  checkConsistency(metadata, given.consistency);
  checkScopeOptions(metadata, given);
}

function checkNames(
  metadata: EntityMetadata,
  options: unknown,
  known: Readonly<Record<string, true>>,
): Given {
  checkOptionNames(`${metadata.name}: find`, options, known, (name) =>
    propertyNames(metadata).includes(name)
      ? `It is a property: write { where: { ${name}: … } }.`
      : REFUSED.get(name),
  );
  return options;
}

function checkCount(metadata: EntityMetadata, name: string, count: unknown): void {
  if (count === undefined || (Number.isSafeInteger(count) && Number(count) >= 0)) return;
  throw invalidOption(metadata, name, 'a whole number, 0 or more', count);
}

function checkSignal(metadata: EntityMetadata, signal: unknown): void {
  if (signal === undefined) return;
  if (typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal) {
    return;
  }
  throw invalidOption(metadata, 'signal', 'an AbortSignal', signal);
}

function checkConsistency(metadata: EntityMetadata, consistency: unknown): void {
  if (consistency === undefined || consistency === 'linearizable') return;
  if (isObject(consistency)) {
    checkOptionNames(`${metadata.name}: consistency`, consistency, { minSeq: true });
    const { minSeq } = consistency;
    if (Number.isSafeInteger(minSeq) && Number(minSeq) >= 0) return;
  }
  throw invalidOption(
    metadata,
    'consistency',
    "'linearizable' or { minSeq } with a whole number, 0 or more",
    consistency,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isDustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import { UniqueForesight } from '../../store/index.js';
import type { RequestOptions, Transport } from '../transport.js';
import { readRecords } from './claim-holders.js';
import { claimPath } from './claim-paths.js';
import type { ClaimSurvey, MissingClaim } from './claim-survey.js';

/** Requests that are under way at once. */
const CONCURRENT = 16;

/** What was mended. */
export interface MendedClaims {
  readonly removed: number;
  readonly taken: number;
}

/** Removes orphans and takes what is missing. What somebody changed meanwhile is left as it is. @throws DustError what every request may meet */
export async function mendClaims(
  transport: Transport,
  definitions: readonly IndexDefinition[],
  survey: ClaimSurvey,
  options: RequestOptions = {},
): Promise<MendedClaims> {
  const { signal } = options;
  const foresight = new UniqueForesight(definitions);
  const removed = await inGroups(survey.orphans, async (claim) => {
    if (await isHeldNow(transport, foresight, definitions, claim, options)) return false;
    return unlessChanged(transport.delete(claim.path, { ifMatch: claim.revision, signal }));
  });
  const taken = await takeMissing(transport, survey.missing, options);
  return { removed, taken };
}

/** Takes claims that are missing. Resolves to how many. @throws DustError what every request may meet */
export function takeMissing(
  transport: Transport,
  missing: readonly MissingClaim[],
  { signal }: RequestOptions,
): Promise<number> {
  return inGroups(missing, ({ path, values }) =>
    unlessChanged(transport.set(path, values.slug, { ifAbsent: true, signal })),
  );
}

/** A write may have been under way when it was read. */
async function isHeldNow(
  transport: Transport,
  foresight: UniqueForesight,
  definitions: readonly IndexDefinition[],
  { path, value }: Leaf,
  options: RequestOptions,
): Promise<boolean> {
  const prefix = definitions[0]?.prefix;
  if (prefix === undefined || typeof value !== 'string' || value === '' || !value.isWellFormed()) {
    return false;
  }
  const record: Path = childPath(prefix, value);
  const leaves = await readRecords({ transport, foresight }, [record], options);
  return foresight.valuesOf(record, leaves).some((values) => claimPath(values) === path);
}

async function unlessChanged(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isDustError(error, 'conflict') || isDustError(error, 'exists')) return false;
    throw error;
  }
}

/** Resolves to how many of the runs said true. */
async function inGroups<T>(items: readonly T[], run: (item: T) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let start = 0; start < items.length; start += CONCURRENT) {
    const done = await Promise.all(items.slice(start, start + CONCURRENT).map(run));
    count += done.filter(Boolean).length;
  }
  return count;
}

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
import { inGroups } from './in-groups.js';

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
  return { removed: removed.filter(Boolean).length, taken };
}

/** Takes claims that are missing. Resolves to how many. @throws DustError what every request may meet */
export async function takeMissing(
  transport: Transport,
  missing: readonly MissingClaim[],
  { signal }: RequestOptions,
): Promise<number> {
  const taken = await inGroups(missing, ({ path, values }) =>
    unlessChanged(transport.set(path, values.slug, { ifAbsent: true, signal })),
  );
  return taken.filter(Boolean).length;
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

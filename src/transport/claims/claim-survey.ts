import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { UniqueValues } from '../../store/index.js';
import { UniqueForesight } from '../../store/index.js';
import type { RequestOptions, Transport } from '../transport.js';
import { claimPath, claimsOf } from './claim-paths.js';

/** What a survey takes. */
export interface SurveyOptions extends RequestOptions {
  /** Hears now and then how many records were read so far. */
  readonly onRecords?: ((records: number) => void) | undefined;
}

/** A claim that is missing. */
export interface MissingClaim {
  readonly path: Path;
  readonly values: UniqueValues;
}

/** Records that have the same values. */
export interface DuplicateRecords {
  /** Those of the first record. */
  readonly values: UniqueValues;
  /** All of them, in the order of the store. */
  readonly slugs: readonly string[];
}

/** How the claims of a prefix agree with its records. */
export interface ClaimSurvey {
  readonly records: number;
  readonly claims: number;
  /** Claims of values that the record named in them does not have. A write that is under way leaves one for a moment. */
  readonly orphans: readonly Leaf[];
  /** Values that a record has and no claim. */
  readonly missing: readonly MissingClaim[];
  readonly duplicates: readonly DuplicateRecords[];
}

/** Values, and the records that have them. */
interface Held {
  readonly values: UniqueValues;
  readonly slugs: string[];
}

/**
 * Reads all records of a prefix and all claims of these unique indexes, and compares them. Holds a line for each value.
 *
 * @throws DustError what every request may meet
 */
export async function surveyClaims(
  transport: Transport,
  prefix: Path,
  definitions: readonly IndexDefinition[],
  { signal, onRecords }: SurveyOptions = {},
): Promise<ClaimSurvey> {
  const claims = new Map<Path, Leaf>();
  for (const definition of definitions) {
    for await (const leaf of leavesBelow(transport, claimsOf(definition), signal)) {
      claims.set(leaf.path, leaf);
    }
  }
  const foresight = new UniqueForesight(definitions);
  const held = new Map<Path, Held>();
  let records = 0;
  for await (const { path, leaves } of recordsBelow(transport, prefix, signal)) {
    records++;
    if (records % MAX_PAGE_SIZE === 0) onRecords?.(records);
    for (const values of foresight.valuesOf(path, leaves)) {
      const at = claimPath(values);
      const present = held.get(at);
      if (present === undefined) held.set(at, { values, slugs: [values.slug] });
      else present.slugs.push(values.slug);
    }
  }
  const isHeld = ({ path, value }: Leaf): boolean =>
    held.get(path)?.slugs.some((slug) => slug === value) === true;
  const orphans = [...claims.values()].filter((claim) => !isHeld(claim));
  const missing = [...held].flatMap(([path, { values }]) => {
    const claim = claims.get(path);
    return claim !== undefined && isHeld(claim) ? [] : [{ path, values }];
  });
  const duplicates = [...held.values()].filter(({ slugs }) => slugs.length > 1);
  return { records, claims: claims.size, orphans, missing, duplicates };
}

async function* recordsBelow(
  transport: Transport,
  prefix: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly path: Path; readonly leaves: readonly Leaf[] }, void, undefined> {
  let path: Path | undefined;
  let leaves: Leaf[] = [];
  for await (const leaf of leavesBelow(transport, prefix, signal)) {
    const end = leaf.path.indexOf('/', prefix.length + 1);
    // A leaf at a record's own path is no part of it.
    if (end === -1) continue;
    const record = leaf.path.slice(0, end);
    if (record !== path) {
      if (path !== undefined) yield { path, leaves };
      path = record;
      leaves = [];
    }
    leaves.push(leaf);
  }
  if (path !== undefined) yield { path, leaves };
}

async function* leavesBelow(
  transport: Transport,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<Leaf, void, undefined> {
  let after: Path | undefined;
  do {
    const page = await transport.list({ pattern: `${path}/**`, limit: MAX_PAGE_SIZE, after, signal });
    yield* page.items;
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
}

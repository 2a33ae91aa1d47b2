import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import { duplicateOf } from '../../store/index.js';
import type { IndexingOptions, Transport } from '../transport.js';
import { readyPath } from './claim-paths.js';
import { surveyClaims } from './claim-survey.js';
import { takeMissing } from './mend-claims.js';

/**
 * Has the records of a prefix take the claims of these unique indexes, unless it is marked that they have: once for each index, whoever
 * begins with it.
 *
 * @throws DustError `exists` with detail `duplicate` when two records have the same values; what every request may meet
 */
export async function makeReady(
  transport: Transport,
  prefix: Path,
  definitions: readonly IndexDefinition[],
  { signal, onProgress }: IndexingOptions,
): Promise<void> {
  const marks = await transport.getMany(definitions.map(readyPath), { signal, forWrite: true });
  const missing = definitions.filter((definition) => !marks.has(readyPath(definition)));
  const [first] = missing;
  if (first === undefined) return;
  const survey = await surveyClaims(transport, prefix, missing, {
    signal,
    onRecords: (records) => onProgress?.(first, records),
  });
  const [duplicate] = survey.duplicates;
  if (duplicate !== undefined) {
    const { values, slugs } = duplicate;
    const record = childPath(prefix, slugs.at(-1) ?? values.slug);
    throw duplicateOf({ path: record }, values, slugs[0] ?? values.slug);
  }
  await takeMissing(transport, survey.missing, { signal });
  for (const definition of missing) await transport.set(readyPath(definition), true, { signal });
}

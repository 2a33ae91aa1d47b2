import type { EntityMetadata } from '../../metadata/index.js';
import { isDustError } from '../../errors.js';
import type { HttpTransportOptions } from '../../transport/http/index.js';
import { HttpTransport } from '../../transport/http/index.js';
import type { ClaimSurvey } from '../../transport/claims/index.js';
import { mendClaims, surveyClaims } from '../../transport/claims/index.js';
import type { Transport } from '../../transport/transport.js';
import type { CliContext } from '../context.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

const CHECK = 'unique';
/** Duplicates that are named one by one. */
const MOST_NAMED = 20;

/**
 * Whether the records of classes with something unique have their claims, on a server that keeps nothing unique by itself. With `repair`,
 * what can be mended is.
 */
export async function* checkUnique(
  options: Pick<HttpTransportOptions, 'url' | 'token' | 'store' | 'timeout'>,
  entities: readonly EntityMetadata[],
  { io, signal }: { readonly io: Pick<CliContext['io'], 'clock'>; readonly signal: AbortSignal },
  repair: boolean,
): AsyncGenerator<Finding, void, undefined> {
  const concerned = entities.filter(({ indexes }) => indexes.some(({ definition }) => definition.unique));
  if (concerned.length === 0) return;
  const transport = new HttpTransport({ ...options, retry: { attempts: 3 }, clock: io.clock });
  try {
    await transport.connect();
    if (transport.capabilities.uniqueIndexes === true) {
      yield ok(CHECK, 'The server keeps unique what clients declare.');
      return;
    }
    for (const entity of concerned) yield* checkEntity(transport, entity, signal, repair);
  } catch (error) {
    if (!isDustError(error) || error.kind === 'aborted') throw error;
    yield warn(CHECK, error.message);
  } finally {
    await transport.close();
  }
}

async function* checkEntity(
  transport: Transport,
  { name, prefixPath, indexes }: EntityMetadata,
  signal: AbortSignal,
  repair: boolean,
): AsyncGenerator<Finding, void, undefined> {
  const definitions = indexes.flatMap(({ definition }) => (definition.unique ? [definition] : []));
  const survey = await surveyClaims(transport, prefixPath, definitions, { signal });
  const { records, claims, orphans, missing, duplicates } = survey;
  if (orphans.length === 0 && missing.length === 0) {
    yield ok(CHECK, `${name}: ${count(records, 'record')} with ${count(claims, 'claim')}, all in order.`);
  } else if (repair) {
    const { removed, taken } = await mendClaims(transport, definitions, survey, { signal });
    const rest = orphans.length - removed + missing.length - taken;
    const left = rest === 0 ? '' : ` ${rest} changed meanwhile: look again.`;
    yield ok(
      CHECK,
      `${name}: removed ${count(removed, 'claim')} without a record, and took ${count(taken, 'claim')} that ` +
        `${taken === 1 ? 'was' : 'were'} missing.${left}`,
    );
  } else {
    yield warn(
      CHECK,
      `${name}: ${count(orphans.length, 'claim')} of writes that stopped on the way (the next writer of the value takes it over), and ` +
        `${count(missing.length, 'value')} without a claim, which others may take. Mend both with dust-orm doctor --repair.`,
    );
  }
  yield* duplicatesOf(name, duplicates);
}

function* duplicatesOf(
  name: string,
  duplicates: ClaimSurvey['duplicates'],
): Generator<Finding, void, undefined> {
  for (const { values, slugs } of duplicates.slice(0, MOST_NAMED)) {
    const by = values.definition.parts.map(({ path }) => path).join(', ');
    const some = slugs.slice(0, MOST_NAMED).map((slug) => JSON.stringify(slug));
    yield fail(
      CHECK,
      `${name}: ${slugs.length} records have the same ${by}: ${some.join(', ')}${slugs.length > some.length ? ' …' : ''}. ` +
        'Change all of them but one.',
    );
  }
  if (duplicates.length <= MOST_NAMED) return;
  yield fail(CHECK, `${name}: ${duplicates.length - MOST_NAMED} more values are had by several records.`);
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

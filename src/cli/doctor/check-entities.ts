import { messageOf } from '../../errors.js';
import { checkPrefixes } from '../../data-source/index.js';
import type { DataSourceOptions } from '../../data-source/index.js';
import { buildEntityMetadata } from '../../metadata/index.js';
import type { EntityClass, EntityMetadata } from '../../metadata/index.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';

const CHECK = 'entities';

/** What TypeScript that this command compiles itself cannot tell (DESIGN §3 "Entities"). */
const ONE_FILE_AT_A_TIME =
  'This command reads TypeScript one file at a time, as swc does: an alias of another file, such as type Name = string, has no ' +
  'type for it. Where tsc builds the program a problem above may be of that kind; a type in @Field(…) suits both.';

/** The entity classes, each by itself and each two of them against each other: every problem, not only the first. */
export function checkEntities(
  options: DataSourceOptions,
  source: string,
): {
  readonly findings: readonly Finding[];
  /** Those that are sound by themselves. */
  readonly entities: readonly EntityMetadata[];
} {
  const { entities: classes, namingStrategy, store = 'local/default' } = options;
  if (classes.length === 0) return { findings: [], entities: [] };
  const entities: EntityMetadata[] = [];
  const problems: Finding[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      problems.push(fail(CHECK, messageOf(error)));
    }
  };
  const build = (entity: EntityClass): EntityMetadata =>
    buildEntityMetadata(entity, namingStrategy === undefined ? {} : { namingStrategy });
  for (const entity of classes) {
    attempt(() => {
      const metadata = build(entity);
      checkPrefixes([metadata], store);
      entities.push(metadata);
    });
  }
  for (const [index, entity] of entities.entries()) {
    for (const other of entities.slice(index + 1)) {
      attempt(() => {
        checkPrefixes([entity, other], store);
      });
    }
  }
  if (problems.length > 0) {
    if (/\.[cm]?ts$/.test(source)) problems.push(warn(CHECK, ONE_FILE_AT_A_TIME));
    return { findings: problems, entities };
  }
  const list = entities.map(({ name, prefixPath, mode }) => `${name} (${mode}, at ${prefixPath})`).join(', ');
  return { findings: [ok(CHECK, `${list}: sound, with prefixes apart.`)], entities };
}

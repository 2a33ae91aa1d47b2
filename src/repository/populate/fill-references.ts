import type { ScopeOptions } from '../../query/index.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { EntityContext } from '../entity-context.js';
import type { PopulateLevel, ReferenceToFill } from './populate-levels.js';
import { slugsIn } from './slugs-in.js';

type Context = EntityContext<object>;
type BySlug = ReadonlyMap<string, object>;
type ReadTargets = (target: Context, slugs: readonly string[]) => Promise<readonly object[]>;

/**
 * Fills in the references of entities of one class, and of what they refer to: on each level one read of each class, whatever the
 * number of entities and references. `seen`: whether deleted ones are, and what default scopes leave out.
 *
 * @throws what every read may meet
 */
export async function fillReferences(
  levels: readonly PopulateLevel[],
  entities: readonly object[],
  seen: ScopeOptions,
  options: RequestOptions,
): Promise<void> {
  let reached: ReadonlyMap<Context, readonly object[]> | undefined;
  for (const level of levels) {
    const present = reached;
    const entitiesOf = (of: Context): readonly object[] => present?.get(of) ?? [];
    const filled = present === undefined ? (): readonly object[] => entities : entitiesOf;
    const targets = await readTargets(level, filled, (target, slugs) =>
      target.reader.getMany(slugs, seen, options),
    );
    for (const [owner, references] of level) {
      for (const entity of filled(owner)) fill(entity, owner, references, targets);
    }
    reached = new Map([...targets].map(([target, bySlug]) => [target, [...bySlug.values()]]));
  }
}

async function readTargets(
  level: PopulateLevel,
  entitiesOf: (context: Context) => readonly object[],
  read: ReadTargets,
): Promise<ReadonlyMap<Context, BySlug>> {
  const wanted = new Map<Context, Set<string>>();
  for (const [owner, references] of level) {
    for (const { reference, target } of references) {
      let slugs = wanted.get(target);
      if (slugs === undefined) wanted.set(target, (slugs = new Set()));
      for (const entity of entitiesOf(owner)) {
        for (const slug of slugsIn(entity, reference)) slugs.add(slug);
      }
    }
  }
  return new Map(
    await Promise.all(
      [...wanted].map(
        async ([target, slugs]) => [target, await readBySlug(target, [...slugs], read)] as const,
      ),
    ),
  );
}

async function readBySlug(target: Context, slugs: readonly string[], read: ReadTargets): Promise<BySlug> {
  if (slugs.length === 0) return new Map();
  const found = await read(target, slugs);
  return new Map(found.map((entity) => [target.mapper.slugOf(entity), entity]));
}

function fill(
  entity: object,
  owner: Context,
  references: readonly ReferenceToFill[],
  targets: ReadonlyMap<Context, BySlug>,
): void {
  for (const { reference, target } of references) {
    const bySlug = targets.get(target);
    const found = slugsIn(entity, reference).flatMap((slug) => {
      const present = bySlug?.get(slug);
      if (present === undefined) owner.missing.note(reference, target.metadata, slug);
      return present ?? [];
    });
    Reflect.set(entity, reference.as, reference.array ? found : (found[0] ?? null));
  }
}

import type { ScopeOptions } from '../../query/index.js';
import type { EntityContext } from '../entity-context.js';
import type { TargetsObserver } from './followed-targets.js';
import { FollowedTargets } from './followed-targets.js';
import type { PopulateLevel, ReferenceToFill } from './populate-levels.js';
import { ShownEntities } from './shown-entities.js';
import { slugsIn } from './slugs-in.js';

type Context = EntityContext<object>;

/** Entities by their class and slug; those of the query itself by their places. */
type Reached = ReadonlyMap<Context, ReadonlyMap<string, object>>;

/** One level: those who are filled in, and what is followed for them. */
interface FollowedLevel {
  readonly references: PopulateLevel;
  readonly shown: ReadonlyMap<Context, ShownEntities>;
  readonly targets: ReadonlyMap<Context, FollowedTargets>;
}

/** What is to be filled in. */
export interface Population {
  readonly root: Context;
  readonly levels: readonly PopulateLevel[];
  /** Makes of an entity of the query itself what is handed out. */
  readonly handOut: (entity: object) => object;
  /** Whether deleted targets are seen, and those that default scopes leave out. */
  readonly seen: ScopeOptions;
}

/** The lists of a live query with their references filled in, and filled in anew as the targets change. */
export class LivePopulation {
  readonly #root: Context;
  readonly #levels: readonly FollowedLevel[];
  /** Those who listen to what is loaded, busy with instances that were made here. */
  #loading: Promise<void>[] = [];

  constructor({ root, levels, handOut, seen }: Population, observer: TargetsObserver) {
    this.#root = root;
    this.#levels = levels.map((references, i) => ({
      references,
      shown: new Map(
        [...references].map(([owner, each]) => [
          owner,
          new ShownEntities(owner, each, (entity) =>
            this.#another(owner, entity, i === 0 ? handOut : (made) => owner.reader.handOut(made)),
          ),
        ]),
      ),
      targets: new Map(
        [...new Set([...references.values()].flat().map(({ target }) => target))].map((target) => [
          target,
          new FollowedTargets(target, seen, observer),
        ]),
      ),
    }));
  }

  /** These entities filled in; undefined while something has yet to be read, which the observer will hear of. */
  fill(entities: readonly object[]): readonly object[] | undefined {
    const root = new Map(entities.map((entity, i) => [String(i), entity]));
    const reached = this.#reach(root);
    if (reached === undefined) return undefined;
    // The furthest first: what they are filled into is another instance, too.
    let filled: Reached = new Map();
    for (const [i, level] of [...this.#levels.entries()].reverse()) {
      const targets = filled;
      const targetOf = ({ target }: ReferenceToFill, slug: string): object | undefined =>
        targets.get(target)?.get(slug) ?? level.targets.get(target)?.get(slug);
      filled = new Map(
        [...level.shown].map(([owner, shown]) => [
          owner,
          shown.show(reached[i]?.get(owner) ?? new Map<string, object>(), targetOf),
        ]),
      );
    }
    return [...(filled.get(this.#root)?.values() ?? entities)];
  }

  /** What has been made since it was asked last, while somebody who listens to what is loaded is busy with it. */
  takeLoading(): Promise<unknown> | undefined {
    const loading = this.#loading;
    this.#loading = [];
    return loading.length === 0 ? undefined : Promise.all(loading);
  }

  /** Follows nothing any more. */
  close(): void {
    for (const { targets } of this.#levels) for (const each of targets.values()) each.close();
  }

  /** Another instance of what an entity was read as; undefined where that is not known. */
  #another(
    { mapper, reader }: Context,
    entity: object,
    handOut: (entity: object) => object,
  ): object | undefined {
    const made = mapper.anotherOf(entity);
    if (made === undefined) return undefined;
    const another = handOut(made);
    const loading = reader.load([another]);
    if (loading !== undefined) this.#loading.push(loading);
    return another;
  }

  /** Who is filled in on each level, as far as the levels before have been read. */
  #reach(entities: ReadonlyMap<string, object>): readonly Reached[] | undefined {
    const reached: Reached[] = [];
    let owners: Reached = new Map([[this.#root, entities]]);
    for (const { references, targets } of this.#levels) {
      reached.push(owners);
      const wanted = wantedBy(references, owners);
      const isRead = [...targets].map(([target, followed]) =>
        followed.follow(wanted.get(target) ?? new Set()),
      );
      if (isRead.includes(false)) return undefined;
      owners = new Map(
        [...targets].map(([target, followed]) => [target, followed.among(wanted.get(target) ?? new Set())]),
      );
    }
    return reached;
  }
}

function wantedBy(level: PopulateLevel, entities: Reached): ReadonlyMap<Context, ReadonlySet<string>> {
  const wanted = new Map<Context, Set<string>>();
  for (const [owner, references] of level) {
    for (const { reference, target } of references) {
      let slugs = wanted.get(target);
      if (slugs === undefined) wanted.set(target, (slugs = new Set()));
      for (const entity of entities.get(owner)?.values() ?? []) {
        for (const slug of slugsIn(entity, reference)) slugs.add(slug);
      }
    }
  }
  return wanted;
}

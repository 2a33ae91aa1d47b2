import type { Clock } from '../../clock.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { Store } from '../../store/index.js';
import { identityOf } from '../../store/index.js';
import { serverBusy, tooManyIndexes } from '../errors.js';

/** How long a request waits for an index, in milliseconds: well below what a client waits for an answer. */
const PATIENCE = 5_000;
/** Builds of a store that somebody may still ask for. */
const MOST_BUILDS = 16;
/** Unique indexes of a store that clients may declare. */
const MOST_KEPT = 256;

/** Whether indexes hold, or are still being built: then the client asks again. */
export type BuildState = 'complete' | 'building';

interface Build {
  readonly outcome: Promise<unknown>;
  isOver: boolean;
}

/**
 * Has stores keep the unique indexes that their clients declare. What several declare is united. A build may take longer than a
 * request lasts: it goes on, and whoever asks again for the same hears what came of it.
 */
export class IndexBuilds {
  readonly #clock: Clock;
  readonly #builds = new WeakMap<Store, Map<string, Build>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the store keeps all of these already. */
  stand(store: Store, definitions: readonly IndexDefinition[]): boolean {
    const kept = new Set(
      store
        .indexes()
        .filter(({ isComplete, isKept }) => isComplete && isKept)
        .map(({ definition }) => identityOf(definition)),
    );
    return definitions.every((definition) => kept.has(identityOf(definition)));
  }

  /** @throws DustError as `store.keepIndexes` does; `invalid_params`, `http` with detail `busy` for more than there may be */
  async keep(store: Store, prefix: Path, definitions: readonly IndexDefinition[]): Promise<BuildState> {
    const builds = this.#buildsOf(store);
    const key = JSON.stringify(definitions.map(identityOf));
    const build = builds.get(key) ?? this.#begin(store, builds, key, prefix, definitions);
    let stop: (() => void) | undefined;
    const patience = new Promise<BuildState>((resolve) => {
      stop = this.#clock.schedule(() => {
        resolve('building');
      }, PATIENCE);
    });
    try {
      return await Promise.race([build.outcome.then((): BuildState => 'complete'), patience]);
    } finally {
      stop?.();
      if (build.isOver && builds.get(key) === build) builds.delete(key);
    }
  }

  #begin(
    store: Store,
    builds: Map<string, Build>,
    key: string,
    prefix: Path,
    definitions: readonly IndexDefinition[],
  ): Build {
    const kept = store.indexes().filter(({ isKept }) => isKept).length;
    if (kept + definitions.length > MOST_KEPT && !this.stand(store, definitions)) {
      throw tooManyIndexes(kept, MOST_KEPT);
    }
    makeRoom(builds);
    const outcome = store.keepIndexes(prefix, definitions);
    const build: Build = { outcome, isOver: false };
    const end = (): void => {
      build.isOver = true;
    };
    outcome.then(end, end);
    builds.set(key, build);
    return build;
  }

  #buildsOf(store: Store): Map<string, Build> {
    const present = this.#builds.get(store);
    if (present !== undefined) return present;
    const builds = new Map<string, Build>();
    this.#builds.set(store, builds);
    return builds;
  }
}

/** What is over and nobody came back for is forgotten first. */
function makeRoom(builds: Map<string, Build>): void {
  if (builds.size < MOST_BUILDS) return;
  for (const [key, { isOver }] of builds) {
    if (!isOver) continue;
    builds.delete(key);
    return;
  }
  throw serverBusy();
}

import type { Subscription } from 'rxjs';
import { toStoredRecord } from '../../../../../src/mapping/index.js';
import { compileQuery } from '../../../../../src/query/index.js';
import type { Row } from '../../../query/plan/model/row-class.js';
import type { World } from '../../../query/plan/model/world.js';

const ALL = { withDeleted: true, unscoped: true };

/** What the rows were at the beginning, and after each commit, or commits told together, that was told of. */
export class Shadow {
  readonly #world: World;
  readonly #rows = new Map<string, Row>();
  readonly #watch: Subscription;
  readonly states: (readonly Row[])[] = [];

  private constructor(world: World, rows: readonly Row[]) {
    this.#world = world;
    for (const row of rows) this.#rows.set(row.slug, row);
    this.states.push([...this.#rows.values()]);
    const { transport, prefix } = world;
    this.#watch = transport.watchRecords(prefix).subscribe((commits) => {
      for (const change of commits.flatMap(({ records }) => records)) {
        const record = toStoredRecord(prefix, change.slug, change.leaves);
        const row = record && this.#world.readers.listed.admit(record);
        if (row === undefined) this.#rows.delete(change.slug);
        else this.#rows.set(change.slug, row);
      }
      this.states.push([...this.#rows.values()]);
    });
  }

  /** To be called while nothing is written. */
  static async of(world: World): Promise<Shadow> {
    return new Shadow(world, await world.readers.listed.find(compileQuery(world.metadata, ALL)));
  }

  end(): void {
    this.#watch.unsubscribe();
  }
}

import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { assertNotAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { EntityTarget, FindManyOptions } from '../../query/index.js';
import { MoreThan } from '../../query/index.js';
import type { EntityContext, EntityManager } from '../../repository/index.js';
import { slugChangedInWalk } from '../errors.js';
import type { RunningMigration } from '../running-migration.js';
import type { WalkPlace } from '../state.js';
import type { WalkOptions, WalkOutcome, WalkResult } from '../types.js';
import type { Passed } from './save-changes.js';
import { applied, saveChanges } from './save-changes.js';
import type { WalkTold } from './walk-meter.js';
import { WalkMeter } from './walk-meter.js';

/** What a {@link RecordWalk} is made of. */
export interface RecordWalkOptions<T extends object> {
  readonly manager: EntityManager;
  readonly context: EntityContext<T>;
  readonly entity: EntityTarget<T>;
  readonly fn: ((entity: T) => WalkOutcome<T> | Promise<WalkOutcome<T>>) | undefined;
  readonly key: string;
  readonly how: WalkOptions;
  readonly running: RunningMigration;
  readonly clock: Clock;
  /** Fires when the walk is to stop: it visits no other record. */
  readonly signal: AbortSignal;
  /** Fires when what it has visited may no longer be saved, either. */
  readonly saving: AbortSignal;
  readonly tell: ((how: WalkTold) => void) | undefined;
}

const PAGE_SIZE = 500;
const CHECKPOINT_RECORDS = 5000;
const CHECKPOINT_INTERVAL = 2000;

/** One walk through all records of a class, from the place that was kept last. */
export class RecordWalk<T extends object> {
  readonly #options: RecordWalkOptions<T>;
  readonly #pageSize: number;
  readonly #bounds: { readonly records: number; readonly interval: number };
  readonly #meter: WalkMeter;
  #place: WalkPlace;
  /** The place as it was kept last. */
  #kept: WalkPlace;

  constructor(options: RecordWalkOptions<T>) {
    const { how, running, key, clock, context } = options;
    this.#options = options;
    this.#pageSize = how.pageSize ?? PAGE_SIZE;
    this.#bounds = {
      records: how.checkpointRecords ?? CHECKPOINT_RECORDS,
      interval: how.checkpointInterval ?? CHECKPOINT_INTERVAL,
    };
    this.#place = running.placeOf(key);
    this.#kept = this.#place;
    this.#meter = new WalkMeter(clock, context.metadata.name, this.#place, this.#total());
  }

  async run(): Promise<WalkResult> {
    try {
      while (!this.#place.done) await this.#nextPage();
    } catch (error) {
      await this.#keepLast();
      throw error;
    }
    const { processed, written } = this.#place;
    return { processed, written };
  }

  async #nextPage(): Promise<void> {
    assertNotAborted(this.#options.signal);
    const page = await this.#read(this.#place.after);
    await this.#passed(page);
    if (page.length < this.#pageSize) await this.#finish();
    // A store in memory answers within the turn: between two pages others have theirs, and a signal is heard.
    else await turnOfTheLoop();
  }

  /** Has `fn` see the entities of a page, and saves what changed, in one piece or, where `fn` takes its time, in several. */
  async #passed(page: readonly T[]): Promise<void> {
    const { context, signal, fn } = this.#options;
    let piece: Passed<T>[] = [];
    for (const entity of page) {
      const slug = context.mapper.slugOf(entity);
      let isSaved: boolean;
      try {
        assertNotAborted(signal);
        isSaved = await this.#apply(entity);
      } catch (error) {
        // What came before it is done with, and stays so, also when the walk is called off.
        await this.#save(piece);
        throw error;
      }
      piece.push({ slug, entity: isSaved ? entity : undefined });
      if (
        fn !== undefined &&
        this.#meter.isDue(this.#place.processed, { ...this.#bounds, records: Infinity })
      ) {
        await this.#save(piece);
        piece = [];
      }
    }
    await this.#save(piece);
  }

  async #save(piece: readonly Passed<T>[]): Promise<void> {
    if (piece.length === 0) return;
    const { context, clock, saving: signal, tell } = this.#options;
    const saving = {
      context,
      clock,
      signal,
      apply: (entity: T) => this.#apply(entity),
      read: (slug: string) => this.#readOne(slug),
    };
    await saveChanges(piece, saving, (slug, isWritten) => {
      const { processed, written } = this.#place;
      this.#place = {
        after: slug,
        processed: processed + 1,
        written: written + (isWritten ? 1 : 0),
        done: false,
      };
    });
    if (this.#meter.isDue(this.#place.processed, this.#bounds)) await this.#keep();
    tell?.(this.#meter.told(this.#place));
  }

  async #finish(): Promise<void> {
    this.#place = { ...this.#place, done: true };
    await this.#keep();
  }

  async #keep(): Promise<void> {
    const { running, key } = this.#options;
    await running.keepPlace(key, this.#place);
    this.#kept = this.#place;
    this.#meter.kept(this.#place.processed);
  }

  /** Where a walk stopped: what stopped it says more than a place that cannot be kept. */
  async #keepLast(): Promise<void> {
    if (this.#kept !== this.#place) await this.#keep().catch(() => undefined);
  }

  async #apply(entity: T): Promise<boolean> {
    const { fn, manager, entity: target, context } = this.#options;
    const { metadata, mapper } = context;
    const slug = mapper.slugOf(entity);
    const isSaved = await applied(fn, entity, (whole, like) => {
      manager.getRepository(target).merge(whole, like);
    });
    const now: unknown = Reflect.get(entity, metadata.slugProperty);
    if (isSaved && now !== slug) throw slugChangedInWalk(metadata, slug, now);
    return isSaved;
  }

  #read(after: string | null): Promise<T[]> {
    const { signal, context } = this.#options;
    const { slugProperty } = context.metadata;
    const where = after === null ? {} : { where: { [slugProperty]: MoreThan(after) } };
    return this.#find({ ...where, take: this.#pageSize, signal });
  }

  async #readOne(slug: string): Promise<T | null> {
    const { saving: signal, context } = this.#options;
    const [entity = null] = await this.#find({
      where: { [context.metadata.slugProperty]: slug },
      take: 1,
      signal,
    });
    return entity;
  }

  /** With all records and properties, also those that reads leave out unless they are asked for. */
  #find(options: object): Promise<T[]> {
    const { manager, entity, context } = this.#options;
    const { fields, slugProperty } = context.metadata;
    const select = fields.every((field) => field.select)
      ? {}
      : { select: [slugProperty, ...fields.map(({ propertyName }) => propertyName)] };
    return manager.getRepository(entity).find({
      ...options,
      ...select,
      withDeleted: true,
      unscoped: true,
    } as FindManyOptions<T>);
  }

  /** How many records there are in all, where somebody listens and counting them reads nothing. */
  #total(): number | undefined {
    const { context, tell } = this.#options;
    const records = tell && context.transport.localRecords?.(context.metadata.prefixPath);
    if (records === undefined) return undefined;
    const { after, processed } = this.#place;
    const from = after === null ? {} : { from: { slug: after, inclusive: false } };
    return processed + records.count({ by: 'slug-range', ...from });
  }
}

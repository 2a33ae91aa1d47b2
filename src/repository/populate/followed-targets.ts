import type { Observable, Subscription } from 'rxjs';
import { jsonEquals } from '../../protocol/values/json.js';
import type { ScopeOptions } from '../../query/index.js';
import { compileQuery, In } from '../../query/index.js';
import type { EntityContext } from '../entity-context.js';

/** Records that are followed together. */
interface Part {
  readonly slugs: ReadonlySet<string>;
  subscription: Subscription | undefined;
  isRead: boolean;
  /** Whether another has all that is still wanted of it, and only has to be read. */
  isLeaving: boolean;
}

/** Who hears of the targets. */
export interface TargetsObserver {
  /** Something is different, or has been read. */
  changed(): void;
  /** They cannot be followed any more. */
  failed(error: unknown): void;
}

/**
 * The records of one class that references name, as they are now. Which ones changes as the references do: those that come are read, and
 * few of those that are there already. They are told of by the watch that all live queries of the class share, and of their own slugs alone.
 *
 * They are followed in parts. A new one takes in those that are not greater, and what is wanted of those that are mostly of records that
 * nobody names any more. So there are few parts, and at most twice as many records as are wanted.
 */
export class FollowedTargets {
  readonly #context: EntityContext<object>;
  readonly #seen: ScopeOptions;
  readonly #observer: TargetsObserver;
  /** What has been read, by slug; null for what is not there. */
  readonly #known = new Map<string, object | null>();
  /** The slugs of what has been handed out: whoever has it may change it. */
  readonly #slugs = new WeakMap<object, string>();
  #parts: readonly Part[] = [];
  #wanted: ReadonlySet<string> = new Set();

  /** `seen`: whether deleted ones are, and what a default scope leaves out. */
  constructor(context: EntityContext<object>, seen: ScopeOptions, observer: TargetsObserver) {
    this.#context = context;
    this.#seen = seen;
    this.#observer = observer;
  }

  /** Follows these and no others. False while some of them have yet to be read; then the observer will hear of it. */
  follow(slugs: ReadonlySet<string>): boolean {
    this.#wanted = slugs;
    for (const part of this.#parts) if (this.#used(part) === 0) this.#end(part);
    const staying = this.#parts.filter(({ isLeaving }) => !isLeaving);
    const added = [...slugs].filter((slug) => !staying.some((part) => part.slugs.has(slug)));
    if (added.length > 0 || staying.some((part) => this.#isMostlyIdle(part))) this.#open(added, staying);
    return [...slugs].every((slug) => this.#known.has(slug));
  }

  /** The record with this slug; undefined when there is none. The same instance for as long as it is the same. */
  get(slug: string): object | undefined {
    return this.#known.get(slug) ?? undefined;
  }

  /** Those of these records that are there, by slug. */
  among(slugs: ReadonlySet<string>): ReadonlyMap<string, object> {
    const found = new Map<string, object>();
    for (const slug of slugs) {
      const entity = this.#known.get(slug);
      if (entity) found.set(slug, entity);
    }
    return found;
  }

  /** Follows nothing any more. */
  close(): void {
    for (const part of this.#parts) this.#end(part);
  }

  #open(added: readonly string[], staying: readonly Part[]): void {
    const slugs = new Set(added);
    for (const part of [...staying].sort((a, b) => a.slugs.size - b.slugs.size)) {
      if (part.slugs.size > slugs.size && !this.#isMostlyIdle(part)) continue;
      part.isLeaving = true;
      for (const slug of part.slugs) if (this.#wanted.has(slug)) slugs.add(slug);
    }
    const part: Part = { slugs, subscription: undefined, isRead: false, isLeaving: false };
    this.#parts = [...this.#parts, part];
    part.subscription = this.#watch(slugs).subscribe({
      next: (entities) => {
        this.#take(part, entities);
      },
      error: (error: unknown) => {
        this.#observer.failed(error);
      },
    });
    // One that could not begin has ended by the time it is here.
    if (!this.#parts.includes(part)) part.subscription.unsubscribe();
  }

  #watch(slugs: ReadonlySet<string>): Observable<object[]> {
    const { metadata, lists } = this.#context;
    const where = { [metadata.slugProperty]: In([...slugs]) };
    return lists.observe(compileQuery<object>(metadata, { ...this.#seen, where }), undefined, 'live()');
  }

  #take(part: Part, entities: readonly object[]): void {
    part.isRead = true;
    const found = new Map(entities.map((entity) => [this.#slugOf(entity), entity]));
    for (const slug of part.slugs) {
      const entity = found.get(slug) ?? null;
      const before = this.#known.get(slug);
      if (!before || entity === null || !this.#isSame(before, entity)) this.#known.set(slug, entity);
    }
    for (const each of this.#parts) if (each.isLeaving && this.#isReplaced(each)) this.#end(each);
    this.#observer.changed();
  }

  #slugOf(entity: object): string {
    let slug = this.#slugs.get(entity);
    if (slug === undefined) this.#slugs.set(entity, (slug = this.#context.mapper.slugOf(entity)));
    return slug;
  }

  #isSame(before: object, entity: object): boolean {
    const { mapper } = this.#context;
    const [a, b] = [mapper.recordOf(before)?.leaves, mapper.recordOf(entity)?.leaves];
    return (
      a !== undefined &&
      a.length === b?.length &&
      a.every((leaf, i) => {
        const other = b[i];
        return (
          leaf.path === other?.path && leaf.revision === other.revision && jsonEquals(leaf.value, other.value)
        );
      })
    );
  }

  /** Whether all that is wanted of it has been read by others that stay. */
  #isReplaced({ slugs }: Part): boolean {
    const read = this.#parts.filter(({ isRead, isLeaving }) => isRead && !isLeaving);
    return [...slugs].every((slug) => !this.#wanted.has(slug) || read.some((part) => part.slugs.has(slug)));
  }

  #end(part: Part): void {
    this.#parts = this.#parts.filter((each) => each !== part);
    part.subscription?.unsubscribe();
    for (const slug of part.slugs) {
      if (!this.#parts.some(({ isRead, slugs }) => isRead && slugs.has(slug))) this.#known.delete(slug);
    }
  }

  #isMostlyIdle(part: Part): boolean {
    return this.#used(part) * 2 < part.slugs.size;
  }

  #used({ slugs }: Part): number {
    let used = 0;
    for (const slug of slugs) if (this.#wanted.has(slug)) used++;
    return used;
  }
}

import type { EntityMapper } from '../../mapping/index.js';
import type { EntityHook, EntityMetadata, FieldMetadata, HookName } from '../../metadata/types.js';
import type { LoadListener } from '../../query/index.js';
import type { EntityManager } from '../entity-manager.js';
import type { FollowedWrite } from './after-write.js';
import { followedBy } from './after-write.js';
import type { SubscriberEvent } from './events.js';
import { inOrder } from './in-order.js';
import { listensTo } from './listens-to.js';
import type { EntitySubscriberInterface, SubscriberMethod } from './subscriber.js';

/** What may be done to an entity, as far as hooks and subscribers are concerned. */
export type WriteName = 'insert' | 'update' | 'remove' | 'softRemove' | 'recover';

interface Listeners {
  /** The hooks that are called, in this order, ahead of the subscribers. */
  readonly hooks: readonly HookName[];
  readonly subscribers: WriteMethod;
}

type WriteMethod = Exclude<SubscriberMethod, 'afterLoad'>;

const BEFORE: Readonly<Record<WriteName, Listeners>> = {
  insert: { hooks: ['beforeSave', 'beforeInsert'], subscribers: 'beforeInsert' },
  update: { hooks: ['beforeSave', 'beforeUpdate'], subscribers: 'beforeUpdate' },
  remove: { hooks: ['beforeRemove'], subscribers: 'beforeRemove' },
  softRemove: { hooks: ['beforeSoftRemove'], subscribers: 'beforeSoftRemove' },
  recover: { hooks: ['beforeRecover'], subscribers: 'beforeRecover' },
};

const AFTER: Readonly<Record<WriteName, Listeners>> = {
  insert: { hooks: ['afterInsert', 'afterSave'], subscribers: 'afterInsert' },
  update: { hooks: ['afterUpdate', 'afterSave'], subscribers: 'afterUpdate' },
  remove: { hooks: ['afterRemove'], subscribers: 'afterRemove' },
  softRemove: { hooks: ['afterSoftRemove'], subscribers: 'afterSoftRemove' },
  recover: { hooks: ['afterRecover'], subscribers: 'afterRecover' },
};

/** What a lifecycle is made of. */
export interface LifecycleParts<T extends object> {
  readonly mapper: EntityMapper<T>;
  /** All that listen in the data source; asked again each time, for it may change. */
  readonly subscribers: readonly EntitySubscriberInterface[];
  readonly manager: EntityManager;
}

/** Calls the hooks of one entity class and the subscribers that listen to it. */
export class Lifecycle<T extends object> implements LoadListener {
  readonly #mapper: EntityMapper<T>;
  readonly #metadata: EntityMetadata<T>;
  readonly #subscribers: readonly EntitySubscriberInterface[];
  readonly #manager: EntityManager;

  constructor({ mapper, subscribers, manager }: LifecycleParts<T>) {
    this.#mapper = mapper;
    this.#metadata = mapper.metadata;
    this.#subscribers = subscribers;
    this.#manager = manager;
  }

  /** Whether there is anything to call just now. */
  get isNeeded(): boolean {
    return this.#metadata.hooks !== undefined || this.#listening().length > 0;
  }

  /** Whether anything is called when entities are read. */
  get isListening(): boolean {
    return this.#metadata.hooks?.afterLoad !== undefined || this.#listening('afterLoad').length > 0;
  }

  /** Tells of entities that were read. Those of one entity are called one after the other; undefined when none took time. */
  load(entities: readonly object[]): Promise<void> | undefined {
    if (!this.isListening) return undefined;
    const subscribers = this.#listening('afterLoad');
    const hooks = this.#metadata.hooks?.afterLoad ?? [];
    const busy: Promise<void>[] = [];
    try {
      for (const entity of entities) {
        const loading = inOrder([
          ...hooks.map((hook) => () => callHook(hook, entity)),
          ...subscribers.map((each) => () => each.afterLoad?.(entity, { ...this.#event(), entity })),
        ]);
        if (loading !== undefined) busy.push(loading);
      }
    } catch (error) {
      void Promise.allSettled(busy);
      throw error;
    }
    return busy.length === 0 ? undefined : Promise.all(busy).then(() => undefined);
  }

  /**
   * The write of an entity that is about to be prepared.
   *
   * @param fields those that have changed, of an update
   */
  writing(name: WriteName, entity: T, fields: readonly FieldMetadata[] = []): EntityWrite {
    const isTold = this.#listening().length > 0;
    const databaseEntity = isTold && name !== 'insert' ? this.#mapper.anotherOf(entity) : undefined;
    const call = (
      { hooks, subscribers }: Listeners,
      updatedFields: readonly FieldMetadata[],
    ): Promise<void> | undefined =>
      inOrder([
        ...hooks
          .flatMap((hook) => this.#metadata.hooks?.[hook] ?? [])
          .map((hook) => () => callHook(hook, entity)),
        () => this.#tell(subscribers, { entity, databaseEntity, updatedFields }),
      ]);
    return {
      before: () => call(BEFORE[name], fields),
      follow: (write, written = fields) => followedBy(write, () => call(AFTER[name], written)),
    };
  }

  /** The write of what criteria find, of which there are no entities: subscribers alone are told, of `given` where something is given. */
  writingBy(name: Exclude<WriteName, 'insert'>, given?: object): CriteriaWrite {
    return {
      before: () => this.#tell(BEFORE[name].subscribers, { entity: given, updatedFields: [] }),
      after: () => this.#tell(AFTER[name].subscribers, { entity: given, updatedFields: [] }),
    };
  }

  #tell(method: WriteMethod, { entity, databaseEntity, updatedFields }: Told): Promise<void> | undefined {
    const subscribers = this.#listening(method);
    if (subscribers.length === 0) return undefined;
    const slug: unknown = entity && Reflect.get(entity, this.#metadata.slugProperty);
    const entityId = typeof slug === 'string' ? slug : undefined;
    const event = { ...this.#event(), entity, entityId, databaseEntity, updatedFields };
    // Which members an event has that is told by this method, its type says.
    return inOrder(subscribers.map((each) => () => each[method]?.(event as never)));
  }

  #event(): SubscriberEvent<T> {
    return { manager: this.#manager, metadata: this.#metadata };
  }

  #listening(method?: SubscriberMethod): readonly EntitySubscriberInterface[] {
    return this.#subscribers.filter(
      (each) =>
        (method === undefined || each[method] !== undefined) && listensTo(each, this.#metadata.target),
    );
  }
}

/** The write of one entity, as those see it who listen. */
export interface EntityWrite {
  /** Calls what comes before it. What that throws is to keep the write from being sent. */
  before(): Promise<void> | undefined;
  /** The write, followed by the call of what comes after it. `written`: the fields of an update in the end. */
  follow<Write extends FollowedWrite>(write: Write, written?: readonly FieldMetadata[]): Write;
}

/** The write of what criteria find, as subscribers see it. */
export interface CriteriaWrite {
  /** Tells that it is about to be made. */
  before(): Promise<void> | undefined;
  /** Tells that it was made. */
  after(): Promise<void> | undefined;
}

interface Told {
  readonly entity: object | undefined;
  readonly databaseEntity?: object | undefined;
  readonly updatedFields: readonly FieldMetadata[];
}

function callHook(hook: EntityHook, entity: object): unknown {
  if (typeof hook === 'function') return hook(entity);
  const method: unknown = Reflect.get(entity, hook);
  return typeof method === 'function' ? Reflect.apply(method, entity, []) : undefined;
}

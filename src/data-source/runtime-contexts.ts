import { types } from 'node:util';
import type { Clock } from '../clock.js';
import type { OperationObserver } from '../diagnostics/index.js';
import type { EntityClass } from '../metadata/index.js';
import type { EntityContext, EntityContexts } from '../repository/index.js';
import type { Transport } from '../transport/transport.js';
import { classMissing, notAnEntity, unknownEntity } from './errors.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { Runtime } from './runtime.js';

/** Gives repositories what a data source has open at the moment of each call. */
export class RuntimeContexts implements EntityContexts {
  readonly clock: Clock;
  readonly observer: OperationObserver;
  readonly #name: string;
  readonly #runtime: () => Runtime;

  /** `runtime` throws while the data source is not open. */
  constructor({ name, clock, observer }: ResolvedOptions, runtime: () => Runtime) {
    this.#name = name;
    this.clock = clock;
    this.observer = observer;
    this.#runtime = runtime;
  }

  contextOf<T extends object>(entity: EntityClass<T>): EntityContext<T> {
    const context = this.#runtime().contexts.get(entity);
    if (context === undefined) throw unknownEntity(this.#name, nameOf(entity));
    return context as EntityContext<T>;
  }

  classOf(entity: unknown): EntityClass {
    const { contexts } = this.#runtime();
    if (typeof entity !== 'object' || entity === null || Array.isArray(entity) || types.isPromise(entity)) {
      throw notAnEntity(entity);
    }
    const classes = [...contexts.keys()];
    for (let link = Reflect.getPrototypeOf(entity); link !== null; link = Reflect.getPrototypeOf(link)) {
      const type = classes.find((candidate) => Reflect.get(candidate, 'prototype') === link);
      if (type !== undefined) return type;
    }
    const type: unknown = Reflect.get(entity, 'constructor');
    throw type === Object || type === undefined ? classMissing() : unknownEntity(this.#name, nameOf(type));
  }

  all(): Iterable<EntityContext<object>> {
    return this.#runtime().contexts.values();
  }

  transport(): Transport {
    return this.#runtime().transport;
  }
}

function nameOf(type: unknown): string {
  return typeof type === 'function' && type.name !== '' ? type.name : String(type);
}

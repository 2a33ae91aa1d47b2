import type { EntityContext } from '../entity-context.js';
import type { ReferenceToFill } from './populate-levels.js';
import { slugsIn } from './slugs-in.js';

type Filling = object | null | readonly object[];

/** An entity with its references filled in. */
interface Shown {
  /** What is shown: the source itself, or another instance of its record since something else was filled in. */
  readonly instance: object;
  readonly fillings: readonly Filling[];
}

/**
 * Entities of one class with their references filled in. What has been shown stays as it was: where another target is to be filled in,
 * another instance of the same record is.
 */
export class ShownEntities {
  readonly #context: EntityContext<object>;
  readonly #references: readonly ReferenceToFill[];
  /** Makes another instance of what an entity was read from; undefined where nothing is known of that. */
  readonly #another: (entity: object) => object | undefined;
  /** By what they were given as. */
  #shown: ReadonlyMap<object, Shown> = new Map();

  constructor(
    context: EntityContext<object>,
    references: readonly ReferenceToFill[],
    another: (entity: object) => object | undefined,
  ) {
    this.#context = context;
    this.#references = references;
    this.#another = another;
  }

  /** From now on it shows these, each for the one that it is given; `targetOf` gives what is filled in. */
  show<Key>(
    entities: ReadonlyMap<Key, object>,
    targetOf: (reference: ReferenceToFill, slug: string) => object | undefined,
  ): ReadonlyMap<Key, object> {
    const before = this.#shown;
    const shown = new Map<object, Shown>();
    const instances = new Map<Key, object>();
    for (const [key, source] of entities) {
      const fillings = this.#references.map((reference) => this.#filling(source, reference, targetOf));
      const filled = this.#filled(source, fillings, before.get(source));
      shown.set(source, filled);
      instances.set(key, filled.instance);
    }
    this.#shown = shown;
    return instances;
  }

  #filled(source: object, fillings: readonly Filling[], before: Shown | undefined): Shown {
    if (before !== undefined && fillings.every((filling, i) => isSame(filling, before.fillings[i]))) {
      return before;
    }
    const instance = before === undefined ? source : (this.#another(source) ?? source);
    this.#references.forEach(({ reference }, i) => {
      Reflect.set(instance, reference.as, fillings[i]);
    });
    return { instance, fillings };
  }

  #filling(
    source: object,
    to: ReferenceToFill,
    targetOf: (reference: ReferenceToFill, slug: string) => object | undefined,
  ): Filling {
    const { reference, target } = to;
    const found = slugsIn(source, reference).flatMap((slug) => {
      const present = targetOf(to, slug);
      if (present === undefined) this.#context.missing.note(reference, target.metadata, slug);
      return present ?? [];
    });
    return reference.array ? found : (found[0] ?? null);
  }
}

function isSame(a: Filling, b: Filling | undefined): boolean {
  if (!isList(a)) return a === b;
  return isList(b) && a.length === b.length && a.every((item, i) => item === b[i]);
}

function isList(value: Filling | undefined): value is readonly object[] {
  return Array.isArray(value);
}

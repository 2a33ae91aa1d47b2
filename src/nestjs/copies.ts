import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from '../data-source/index.js';
import type { EntityManager } from '../repository/index.js';
import type { DustHealthIndicator } from './dust-health-indicator.js';

/** The classes of one loaded copy of this package that Nest knows providers by. */
export interface CopyClasses {
  readonly DataSource: abstract new (...args: never[]) => DataSource;
  readonly EntityManager: abstract new (...args: never[]) => EntityManager;
  readonly DustHealthIndicator: Type<DustHealthIndicator>;
}

interface Shared {
  readonly copies: CopyClasses[];
  /** The place of the records whose class has a name to itself, by that name. */
  readonly placeByName: Map<string, string>;
}

/** With the version of {@link Shared}, which copies of other versions do not share. */
const KEY = Symbol.for('dust-orm.nestjs.1');

/** What all copies of this package in the process share: by `import` and by `require` there are two. */
function shared(): Shared {
  const present: unknown = Reflect.get(globalThis, KEY);
  if (present !== undefined) return present as Shared;
  const created: Shared = { copies: [], placeByName: new Map() };
  Object.defineProperty(globalThis, KEY, { value: created });
  return created;
}

/** Tells the other copies of this one. */
export function joinCopies(classes: CopyClasses): void {
  shared().copies.push(classes);
}

/**
 * What makes the providers of one copy known under the classes of the others, so that an application of ECMAScript modules can
 * have a library of CommonJS beside it. For those that are loaded by now, which are all that are imported in the usual way.
 */
export function aliasesOf(own: CopyClasses, role: keyof CopyClasses): (Provider & { provide: Type })[] {
  return shared()
    .copies.filter((copy) => copy !== own)
    .map((copy) => ({ provide: copy[role] as Type, useExisting: own[role] }));
}

/**
 * Whether a class of this name, whose records lie at `place`, is the first one of that name: the others' tokens say where their
 * records lie.
 */
export function hasNameToItself(name: string, place: string): boolean {
  const { placeByName } = shared();
  const first = placeByName.get(name);
  if (first === undefined) placeByName.set(name, place);
  return first === undefined || first === place;
}

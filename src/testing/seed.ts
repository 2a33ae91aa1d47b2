import type { EntityClass } from '../metadata/types.js';
import type { DeepPartial } from '../query/index.js';

/** Records of one class: `[Link, [{ slug: 'dust', title: 'Dust' }]]`. */
export type SeedOf<T extends object> = readonly [
  entity: EntityClass<T>,
  records: readonly DeepPartial<NoInfer<T>>[],
];

/** Records of several classes, each checked against its own. */
export type Seed<E extends readonly object[]> = { readonly [K in keyof E]: SeedOf<E[K]> };

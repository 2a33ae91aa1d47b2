import type { StoreCopy } from '../../../../src/store/index.js';

/** The same copy, some of it in another way. */
export const withParts = (copy: StoreCopy, parts: Partial<StoreCopy>): StoreCopy =>
  new Proxy(copy, {
    get: (target, name) => {
      const value: unknown = Reflect.get(Object.hasOwn(parts, name) ? parts : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

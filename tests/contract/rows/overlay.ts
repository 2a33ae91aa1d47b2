import type { Transport } from '../../../src/transport/transport.js';

/** The same transport with some of its members replaced. */
export function overlay(transport: Transport, replacements: Partial<Transport>): Transport {
  return new Proxy(transport, {
    get(target, name) {
      const isReplaced = Object.hasOwn(replacements, name);
      const member: unknown = isReplaced
        ? Reflect.get(replacements, name)
        : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** The same transport, but before each call of `method` goes out, `before` happens. */
export function interleave(
  transport: Transport,
  method: 'list' | 'subtree' | 'batchWrite',
  before: () => Promise<unknown>,
): Transport {
  const interleaved = async (...args: unknown[]): Promise<never> => {
    await before();
    return Reflect.apply(transport[method], transport, args) as never;
  };
  return overlay(transport, { [method]: interleaved });
}

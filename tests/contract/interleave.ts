import type { Transport } from '../../src/transport/transport.js';

/** The same transport, but before each call of `method` goes out, `before` happens. */
export function interleave(
  transport: Transport,
  method: keyof Transport,
  before: () => Promise<unknown>,
): Transport {
  return new Proxy(transport, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (name !== method) return member.bind(target);
      return async (...args: unknown[]) => {
        await before();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

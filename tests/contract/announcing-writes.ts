import type { Transport } from '../../src/transport/transport.js';

const WRITES: ReadonlySet<PropertyKey> = new Set<keyof Transport>([
  'set',
  'delete',
  'merge',
  'increment',
  'add',
  'remove',
  'batchWrite',
  'lease',
  'renew',
  'release',
  'putFile',
]);

/** The transport, with writes that resolve when `settled` does, too: when all clients have heard of them. */
export function announcingWrites<T extends Transport>(transport: T, settled: () => Promise<void>): T {
  return new Proxy(transport, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, args);
        if (!WRITES.has(property)) return result;
        return Promise.resolve(result).then(async (receipt) => {
          await settled();
          return receipt;
        });
      };
    },
  });
}

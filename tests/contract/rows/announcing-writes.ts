import type { Transport } from '../../../src/transport/transport.js';

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

/**
 * The transport, with writes that resolve when `heard` does, too: when all clients have heard of the operation with that
 * seq.
 */
export function announcingWrites<T extends Transport>(
  transport: T,
  heard: (storeSeq: number) => Promise<void>,
): T {
  return new Proxy(transport, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, args);
        if (!WRITES.has(property)) return result;
        return Promise.resolve(result).then(async (receipt) => {
          await heard(seqIn(receipt) ?? (await lastSeq(target)));
          return receipt;
        });
      };
    },
  });
}

function seqIn(receipt: unknown): number | undefined {
  const isReceipt = typeof receipt === 'object' && receipt !== null && 'storeSeq' in receipt;
  return isReceipt && typeof receipt.storeSeq === 'number' ? receipt.storeSeq : undefined;
}

/** For writes that are not answered with their place: the writer has it behind it. 0 once the writer is closed. */
function lastSeq(transport: Transport): Promise<number> {
  return transport.status().then(
    ({ storeSeq }) => storeSeq,
    () => 0,
  );
}

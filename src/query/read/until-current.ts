import type { Query } from '../criteria/query.js';
import { noConsistency } from '../values/errors.js';
import type { LeafReader } from './leaf-pages.js';

/**
 * Resolves when reads show what the query wants them to show.
 *
 * @throws DustError `not_supported` where the transport cannot tell; what {@link LeafReader.barrier} fails with
 */
export async function untilCurrent<T extends object>(
  transport: LeafReader,
  { consistency, signal }: Query<T>,
): Promise<void> {
  if (consistency === undefined) return;
  if (transport.barrier === undefined || transport.capabilities?.barrier !== true) throw noConsistency();
  await transport.barrier({
    ...(signal === undefined ? {} : { signal }),
    ...(consistency === 'linearizable' ? {} : { minSeq: consistency.minSeq }),
  });
}

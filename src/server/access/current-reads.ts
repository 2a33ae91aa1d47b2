import { CONSISTENCY_HEADER, MIN_SEQ_HEADER, STORE_SEQ_HEADER } from '../../protocol/wire/features.js';
import type { Store } from '../../store/index.js';
import type { RequestContext } from '../environment.js';
import { badRequest } from '../errors.js';

/**
 * Resolves when the store shows what a read asks it to show: at once, but on a node of a cluster that has not come as far.
 *
 * @throws DustError `invalid_params` for what is no seq and no consistency; what {@link Store.barrier} fails with
 */
export async function untilCurrent(c: RequestContext, store: Store): Promise<void> {
  const consistency = c.req.header(CONSISTENCY_HEADER);
  const minSeq = seqIn(c.req.header(MIN_SEQ_HEADER));
  if (consistency !== undefined && consistency !== 'linearizable') {
    throw badRequest(`${CONSISTENCY_HEADER} is "linearizable", not ${JSON.stringify(consistency)}.`);
  }
  if (consistency !== undefined) await store.barrier();
  else if (minSeq !== undefined) await store.barrier({ minSeq });
}

/** Tells how far the store had come. To be called when the answer is made: what it shows may not be newer than that. */
export function storeSeqHeader({ var: { store, tellsSeq } }: RequestContext): Record<string, string> {
  if (!tellsSeq) return {};
  try {
    return { [STORE_SEQ_HEADER]: String(store.status().storeSeq) };
  } catch {
    // The answer says what is wrong with the store.
    return {};
  }
}

function seqIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seq = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(seq)) return seq;
  throw badRequest(`${MIN_SEQ_HEADER} is a whole number, 0 or more, not ${JSON.stringify(text)}.`);
}

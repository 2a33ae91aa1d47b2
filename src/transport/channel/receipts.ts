import { DustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';
import type { SyncReceipt } from '../../sync/index.js';
import type { FileReceipt, LeaseReceipt } from '../transport.js';

/** What a server answered to `lease` and `renew` (PROTOCOL §4). @throws DustError `indeterminate` for less */
export function leaseReceiptIn({ storeSeq, response }: SyncReceipt, key: Path): LeaseReceipt {
  const { token, expires_at, holder = null } = response;
  const isWhole =
    typeof token === 'number' &&
    typeof expires_at === 'number' &&
    (holder === null || typeof holder === 'string');
  if (!isWhole) throw incomplete(key, 'a lease with its token and its end');
  return { storeSeq, token, expiresAt: expires_at, holder };
}

/** What a server answered to `put_file` (PROTOCOL §4). @throws DustError `indeterminate` for less */
export function fileReceiptIn({ storeSeq, response }: SyncReceipt, path: Path): FileReceipt {
  const { hash } = response;
  if (typeof hash !== 'string') throw incomplete(path, "a file's hash");
  return { storeSeq, hash };
}

/** Whether a `release` ended a lease: servers answer `{released: false}` when it did not (PROTOCOL §4). */
export function wasReleased({ response }: SyncReceipt): boolean {
  return response.released !== false;
}

function incomplete(path: Path, what: string): DustError {
  return new DustError(
    'indeterminate',
    `${JSON.stringify(path)}: the write was acknowledged, but the answer is not ${what}. Check that the url leads to a Dust server.`,
    { path, detail: 'unexpected_response' },
  );
}

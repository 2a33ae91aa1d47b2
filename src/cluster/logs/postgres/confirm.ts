import type { Client } from 'pg';
import { unconfirmed } from './errors.js';
import { CONFIRM } from './schema.js';

/** What PostgreSQL says, as a warning, of a commit that did not wait for its standby. */
const WARNING = '01000';

/**
 * Commits something that changes nothing. Resolves when the synchronous standby has it, where there is one: so the server is the one that is
 * written to, and not one that was replaced.
 *
 * @throws whatever the driver fails with; DustError `network` with detail `unconfirmed`
 */
export async function confirm(client: Client): Promise<void> {
  const warnings: unknown[] = [];
  const hear = ({ code }: { readonly code?: string | undefined }): void => {
    if (code === WARNING) warnings.push(code);
  };
  client.on('notice', hear);
  try {
    await client.query(CONFIRM);
  } finally {
    client.off('notice', hear);
  }
  if (warnings.length > 0) throw unconfirmed();
}

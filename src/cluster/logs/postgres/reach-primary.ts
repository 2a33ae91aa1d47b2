import { confirm } from './confirm.js';
import { isStandby } from './errors.js';
import type { Link } from './link.js';
import { IS_STANDBY, limitStatements } from './schema.js';

/** Milliseconds for which a server goes on longer than it is waited for, so that its giving up is never taken for an answer. */
const MOMENT = 1_000;

/**
 * Connects, and makes sure that the server is the one that is written to, and not one that only believes so: it commits something, which
 * its synchronous standby must confirm. A primary that was replaced gets no such answer. One that has crashed shows, when it is back, what
 * it never told its standby of: behind a commit that the standby has, everything that is seen there is on both.
 *
 * @param timeout how long the server is waited for, in milliseconds
 * @throws whatever the driver fails with; DustError `network` with detail `standby` or `unconfirmed`
 */
export async function reachPrimary(link: Link, timeout: number): Promise<Link> {
  const { client } = link;
  await client.connect();
  const { rows } = await client.query<{ standby: boolean }>(IS_STANDBY);
  if (rows[0]?.standby !== false) throw isStandby();
  await client.query(limitStatements(timeout + MOMENT));
  await confirm(client);
  return link;
}

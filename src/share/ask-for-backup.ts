import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { isDustError } from '../errors.js';
import type { Dial } from '../transport/dialing-agent.js';
import { DialingAgent } from '../transport/dialing-agent.js';
import type { BackupAnswer } from './backup-desk.js';
import { assertDone } from './desk-answer.js';
import { backupCutOff } from './errors.js';
import { BACKUP_ROUTE, SHARED_URL } from './wire-names.js';

/**
 * Has the owner of a folder back it up.
 *
 * @param out an absolute path
 * @throws DustError what the owner refuses it with; `network` while there is none; `storage` with detail `write_failed` when it ended meanwhile
 */
export async function askForBackup(dial: Dial, out: string): Promise<void> {
  const agent = new DialingAgent(dial);
  try {
    assertDone((await json(await posted(agent, JSON.stringify({ out })))) as BackupAnswer);
  } catch (error) {
    throw isDustError(error) ? error : backupCutOff(out, error);
  } finally {
    agent.destroy();
  }
}

function posted(agent: DialingAgent, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(`${SHARED_URL}${BACKUP_ROUTE}`, { method: 'POST', agent }, resolve);
    asked.once('error', reject);
    asked.setHeader('content-length', Buffer.byteLength(body));
    asked.end(body);
  });
}

import { checkHttpOption, checkHttpOptions } from '../transport/http/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { embeddedWithServer, localOptionWithServer, missingBeside } from './errors.js';
import { urlOf } from './server-of.js';

/** The options that only a store in this process has a use for. */
const LOCAL_ONLY = ['path', 'takeOver', 'verify', 'share'] as const;

/**
 * Checks the options that lead to a server, each for itself and beside the others. An instance or a factory given as
 * `transport` wins over them all (DESIGN §3), so that beside one they need not fit together.
 *
 * @throws DustError `invalid_options` saying what to write; never with the token in it
 */
export function checkRemoteOptions(options: DataSourceOptions): void {
  const { token, store, transport = 'auto', retry, timeout, requests } = options;
  checkHttpOption('retry', retry);
  checkHttpOption('timeout', timeout);
  checkHttpOption('requests', requests);
  // What was not set where it was copied from is no option left out.
  for (const option of ['url', 'token'] as const) {
    if ((options[option] as unknown) === null) checkHttpOption(option, null);
  }
  if (typeof transport !== 'string') return;
  const url = urlOf(options);
  if (url === undefined) {
    if (transport === 'http' || transport === 'channel') {
      throw missingBeside(`transport: '${transport}'`, 'token');
    }
    return;
  }
  const given = options.url === undefined ? 'token' : 'url';
  if (transport === 'embedded') throw embeddedWithServer(given);
  const local = LOCAL_ONLY.find((option) => options[option] !== undefined && options[option] !== false);
  if (local !== undefined) throw localOptionWithServer(given, local);
  if (token === undefined) throw missingBeside('url', 'token');
  if (store === undefined) throw missingBeside(given, 'store');
  checkHttpOptions({ url, token, store });
}

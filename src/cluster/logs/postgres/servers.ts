import { badAddress } from './errors.js';

const ADDRESS = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#@]+)(\/[^?#]+(?:\?[^#]*)?)$/;

/**
 * The servers that an address names, each with an address of its own: `postgres://user:secret@one,two:5433/db` names two, as it does for
 * PostgreSQL's own clients.
 *
 * @throws DustError `invalid_options` for what is no address of a database
 */
export function serversOf(url: string): readonly string[] {
  const [, scheme, hosts, rest] = typeof (url as unknown) === 'string' ? (ADDRESS.exec(url) ?? []) : [];
  if (scheme === undefined || hosts === undefined || rest === undefined) throw badAddress();
  const servers = hosts.split(',').filter((host) => host !== '');
  if (servers.length === 0) throw badAddress();
  const addresses = servers.map((host) => `${scheme}${host}${rest}`);
  for (const address of addresses) checkAddress(address);
  return addresses;
}

/** What is said of it must not repeat it: what the platform throws does. */
function checkAddress(address: string): void {
  try {
    const { username, password, hostname, pathname } = new URL(address);
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
  } catch {
    throw badAddress();
  }
}

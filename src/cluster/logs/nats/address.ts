import { badAddress } from './errors.js';

/** Where servers are, and how one comes in. */
export interface NatsAddress {
  /** Each `host` or `host:port`, to be tried in this order. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Whether a server that has no TLS is refused. */
  readonly tls: boolean;
}

const ADDRESS = /^(nats|tls):\/\/(?:([^@/?#]*)@)?([^/?#@]+)\/?$/;

/**
 * What an address says: `nats://user:secret@one,two:4223` names two servers; a single word in front of the `@` is a token; `tls://` takes
 * no server without TLS. Words are percent-encoded, as in every address.
 *
 * @throws DustError `invalid_options` for what is no address of NATS
 */
export function addressOf(url: string): NatsAddress {
  const [, scheme, who, hosts = ''] = typeof (url as unknown) === 'string' ? (ADDRESS.exec(url) ?? []) : [];
  const servers = hosts.split(',').filter((host) => host !== '');
  if (scheme === undefined || servers.length === 0 || !servers.every(isHost)) throw badAddress();
  return { servers, tls: scheme === 'tls', ...credentialsOf(who) };
}

/** A host, with a port perhaps. */
function isHost(server: string): boolean {
  return URL.canParse(`nats://${server}`);
}

function credentialsOf(who: string | undefined): Pick<NatsAddress, 'user' | 'pass' | 'token'> {
  if (who === undefined || who === '') return {};
  const [first, ...rest] = who.split(':');
  try {
    const user = decodeURIComponent(first ?? '');
    return rest.length === 0 ? { token: user } : { user, pass: decodeURIComponent(rest.join(':')) };
  } catch {
    throw badAddress();
  }
}

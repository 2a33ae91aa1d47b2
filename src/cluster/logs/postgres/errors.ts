import { DustError, isDustError, messageOf } from '../../../errors.js';

/** The package that speaks to PostgreSQL is not installed. */
export function driverMissing(cause: unknown): DustError {
  return new DustError(
    'invalid_options',
    'A cluster over PostgreSQL needs the package `pg`, which cannot be loaded. Install it: npm install pg',
    { detail: 'driver_missing', cause },
  );
}

/** An address that names no database. */
export function badAddress(): DustError {
  return new DustError(
    'invalid_options',
    'The address of a cluster is postgres://user:password@host:port/database, with further hosts behind commas. Special characters in it are percent-encoded.',
    { detail: 'invalid_url' },
  );
}

/** No server took the connection as the one that is written to. @param failures of each address, in their order */
export function noPrimary(addresses: readonly string[], failures: readonly unknown[]): DustError {
  const each = addresses.map((address, i) => `${address}: ${reasonOf(failures[i])}`);
  return new DustError(
    'network',
    `None of ${addresses.length} PostgreSQL servers answers as the primary. ${each.join('; ')}`,
    { detail: 'no_primary', cause: tellingOf(failures) },
  );
}

/** The words of a failure. That of a host with several addresses has none of its own. */
function reasonOf(failure: unknown): string {
  const [first] = failure instanceof AggregateError ? (failure.errors as readonly unknown[]) : [failure];
  return messageOf(first);
}

/** Of several errors the one that says most: that a server is a standby is as it should be. */
function tellingOf(failures: readonly unknown[]): unknown {
  return failures.find((error) => !(isDustError(error) && error.detail === 'standby')) ?? failures[0];
}

/** A server is there, and is a standby. */
export function isStandby(): DustError {
  return new DustError('network', 'The PostgreSQL server is a standby: it is not written to.', {
    detail: 'standby',
  });
}

/** A server takes itself for the primary, and its standby does not confirm it. */
export function unconfirmed(): DustError {
  return new DustError(
    'network',
    'The PostgreSQL server does not wait for its synchronous standby: somebody called the wait off.',
    { detail: 'unconfirmed' },
  );
}

/** A statement failed, or was not answered. */
export function statementFailed(cause: unknown): DustError {
  return new DustError('network', `PostgreSQL did not carry out a request: ${messageOf(cause)}`, { cause });
}

/** An address that cannot be used. @param why without the address, which may hold a password */
export function unusableAddress(why: string): DustError {
  return new DustError(
    'invalid_options',
    `The address of the cluster cannot be used: ${why}. Special characters in it are percent-encoded, and files that it names must be there.`,
    { detail: 'invalid_url' },
  );
}

/** What is asked of the store's row, which somebody has removed. */
export function storeGone(store: string): DustError {
  return new DustError(
    'storage',
    `The log of the store ${JSON.stringify(store)} is not in the database any more. Somebody removed it, or the database was restored without it.`,
    { detail: 'log_gone' },
  );
}

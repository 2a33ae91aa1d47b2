import { DustError, messageOf } from '../../../errors.js';

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
    'The address of a cluster is postgres://user:password@host:port/database, with further hosts behind commas.',
    { detail: 'invalid_url' },
  );
}

/** No server took the connection as the one that is written to. */
export function noPrimary(tried: number, cause: unknown): DustError {
  return new DustError(
    'network',
    `None of ${tried} PostgreSQL servers answers as the primary: ${messageOf(cause)}`,
    { detail: 'no_primary', cause },
  );
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

/** A store that no node of a cluster has opened in this database. */
export function noSuchLog(store: string): DustError {
  return new DustError(
    'store_not_found',
    `The database has no log of a store ${JSON.stringify(store)}: no node of a cluster has opened it there. Check the store and the database of the address.`,
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

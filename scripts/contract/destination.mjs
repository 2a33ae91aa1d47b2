// Where the environment sends the contract suite. Imports nothing.

/** More stores than ways to a server are of no use. */
export const MAX_STORES = 3;

const STORE_NAME = /^[^/\s,]+\/[^/\s,]+$/;

/**
 * The server, the token and the stores that the environment names: those of DUST_TEST_STORES, or else that of DUST_STORE.
 * Undefined when it names nothing. Throws, in plain words, when it names half of what is needed or none of it rightly.
 */
export function destinationFrom(env) {
  const { DUST_BASE_URL: url, DUST_TOKEN: token } = env;
  const variable = env.DUST_TEST_STORES ? 'DUST_TEST_STORES' : 'DUST_STORE';
  const missing = ['DUST_BASE_URL', 'DUST_TOKEN', variable].filter((name) => !env[name]);
  if (missing.length === 3) return undefined;
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing. To run against a server that is already ` +
        'running, set DUST_BASE_URL, DUST_TOKEN and DUST_STORE, or DUST_TEST_STORES instead of the last for a store for ' +
        'each way there; to run on this machine alone, set none of them.',
    );
  }
  if (!/^https?:\/\/./.test(url)) {
    throw new Error('DUST_BASE_URL must begin with http:// or https://, such as http://127.0.0.1:7755.');
  }
  const stores = variable === 'DUST_STORE' ? [env.DUST_STORE] : storesIn(env.DUST_TEST_STORES);
  if (variable === 'DUST_STORE' && !STORE_NAME.test(env.DUST_STORE)) {
    throw new Error('DUST_STORE must be the name of a store, such as local/default.');
  }
  return { url, token, stores };
}

function storesIn(list) {
  const stores = list.split(',').map((name) => name.trim());
  const wrong = stores.filter((name) => !STORE_NAME.test(name));
  if (wrong.length > 0) {
    throw new Error(
      `DUST_TEST_STORES must be names of stores with commas between them, such as acme/a,acme/b,acme/c; ` +
        `${wrong.map((name) => JSON.stringify(name)).join(' and ')} is none.`,
    );
  }
  const twice = stores.filter((name, i) => stores.indexOf(name) < i);
  if (twice.length > 0) throw new Error(`DUST_TEST_STORES names ${twice[0]} twice.`);
  return stores;
}

import type { DustError } from '../../errors.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';
import type { ServerProbe } from './server-probe.js';

/** What the token opens: whether it is known, whether it sees the store, whether it may read and write there. */
export async function* checkAccess(
  probe: ServerProbe,
  store: string,
): AsyncGenerator<Finding, boolean, undefined> {
  const { error } = await probe.listing(store);
  if (error === undefined) {
    yield ok('token', 'The token is accepted.');
    yield ok('store', `${store} is there, and the token may read it.`);
  } else {
    yield* refusal(error, store);
    if (error.kind !== 'forbidden') return false;
  }
  yield await writeFinding(probe, store, error === undefined);
  return error === undefined;
}

function* refusal(error: DustError, store: string): Generator<Finding, void, undefined> {
  switch (error.kind) {
    case 'unauthorized':
      yield fail('token', error.message);
      return;
    case 'store_not_found':
      yield ok('token', 'The token is accepted.');
      yield fail('store', `${store}: ${error.message}`);
      return;
    case 'forbidden':
      yield ok('token', 'The token is known.');
      yield fail('store', `The token may not read ${store}: ${error.message}`);
      return;
    case 'rate_limited':
      yield warn('token', error.message);
      return;
    default:
      yield fail('store', `${store}: ${error.message}`);
  }
}

async function writeFinding(probe: ServerProbe, store: string, mayRead: boolean): Promise<Finding> {
  const { error } = await probe.vainDelete(store);
  switch (error?.kind) {
    case 'conflict':
      return ok('write', `The token may write to ${store}.`);
    case 'forbidden':
      return warn(
        'write',
        `The token may ${mayRead ? 'only read' : 'not write to'} ${store}. To write, use one with the scope entries:write` +
          `${mayRead ? '' : ' that opens this store'}.`,
      );
    case undefined:
      return warn(
        'write',
        'The server takes no notice of If-Match, as every Dust server does. Check what stands behind the url.',
      );
    default:
      return warn(
        'write',
        `Whether the token may write to ${store} could not be told: ${error?.message ?? ''}`,
      );
  }
}

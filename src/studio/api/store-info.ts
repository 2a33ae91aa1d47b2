import type { StoreInfo } from './messages.js';
import type { StudioSource } from './source.js';

/** What the page is told first. */
export function storeInfo({ transport, store, place, version, writable, entities }: StudioSource): StoreInfo {
  const { realtime, log } = transport.capabilities;
  return {
    store,
    place,
    version,
    writable,
    live: realtime,
    history: log === true,
    entities: entities.map(({ info }) => info),
  };
}

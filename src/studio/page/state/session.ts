import { computed, signal } from '@preact/signals';
import type { EntityInfo, StoreInfo } from '../../api/messages.js';
import { connect, missedChanges } from '../wire/changes.js';
import { api } from '../wire/client.js';
import { isWithin, segmentsOf } from './paths.js';

/** The store that the studio shows; undefined until it is known. */
export const store = signal<StoreInfo | undefined>(undefined);

/** Why the store is not known. */
export const storeFailure = signal<unknown>(undefined);

/** Whether records can be changed here. */
export const writable = computed(() => store.value?.writable ?? false);

/** The entities of the configuration. */
export const entities = computed<readonly EntityInfo[]>(() => store.value?.entities ?? []);

/** Asks for the store, and begins to listen to its changes. */
export async function openStore(): Promise<void> {
  storeFailure.value = undefined;
  try {
    store.value = await api.store();
    document.title = `${store.value.store} · Dust studio`;
    if (store.value.live) connect();
  } catch (error) {
    storeFailure.value = error;
  }
}

/** After a lost connection the process may be another one, with other rights. */
export function followProcess(): void {
  missedChanges.subscribe((times) => {
    if (times === 0) return;
    api.store().then(
      (found) => (store.value = found),
      (error: unknown) => (storeFailure.value = error),
    );
  });
}

/** An entity by its name. */
export function entityNamed(name: string): EntityInfo | undefined {
  return entities.value.find((entity) => entity.name === name);
}

/** The record of an entity that a path is, or lies in. */
export function recordAt(path: string): { entity: EntityInfo; record: string; slug: string } | undefined {
  const entity = entities.value.find(({ prefix }) => path !== prefix && isWithin(path, prefix));
  if (!entity) return undefined;
  const slug = segmentsOf(path.slice(entity.prefix.length + 1))[0]!;
  const end = path.indexOf('/', entity.prefix.length + 1);
  return { entity, record: end < 0 ? path : path.slice(0, end), slug };
}

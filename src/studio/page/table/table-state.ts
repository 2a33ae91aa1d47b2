import { computed, effect, signal } from '@preact/signals';
import type { TableRoute } from '../state/route.js';
import { tableKey } from '../state/route.js';
import { route } from '../state/router.js';
import { entityNamed, store } from '../state/session.js';
import { missedChanges, onCommit } from '../wire/changes.js';
import { ColumnLayout } from './column-layout.js';
import { TableModel } from './table-model.js';

/** The table that is shown; undefined when another view is, or its entity is not there. */
export const table = signal<TableModel | undefined>(undefined);

/** What decides on the rows, as text: other details of the route make no new table. */
const wanted = computed(() =>
  route.value.view === 'table' && store.value ? tableKey(route.value) : undefined,
);

/** The columns of each entity that was shown. */
const layouts = new Map<string, ColumnLayout>();

/** The columns of a table. */
export function layoutOf({ entity }: TableModel): ColumnLayout {
  let layout = layouts.get(entity.name);
  if (!layout) layouts.set(entity.name, (layout = new ColumnLayout(store.peek()?.store ?? '', entity)));
  return layout;
}

/** Keeps {@link table} what the address names, and what the store has. */
export function followTable(): void {
  effect(() => {
    if (wanted.value === undefined) {
      table.value = undefined;
      return;
    }
    const current = route.peek() as TableRoute;
    const entity = entityNamed(current.entity);
    if (!entity) {
      table.value = undefined;
      return;
    }
    const model = new TableModel(entity, current);
    table.value = model;
    return () => {
      model.close();
    };
  });
  onCommit((commit) => {
    table.peek()?.take(commit);
  });
  missedChanges.subscribe((times) => {
    if (times > 0) table.peek()?.reload();
  });
}

import { go } from '../state/router.js';
import type { TableRoute } from '../state/route.js';
import { entityNamed } from '../state/session.js';
import { table } from '../table/table-state.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { RecordForm } from './record-form.js';
import { record } from './record-model.js';
import { RecordPanel } from './record-panel.js';

/** Closes the panel beside the table. */
export function closePanel(route: TableRoute): void {
  go({ ...route, record: undefined, form: undefined, tab: 'fields' });
  // Back to the row that was open, which keeps the keyboard's place.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.grid [tabindex="0"]')?.focus());
}

/** The record that is open beside a table, or the form of a new one. */
export function TablePanel({ route }: { route: TableRoute }) {
  const entity = entityNamed(route.entity);
  const model = record.value;
  if (!entity) return null;
  if (route.form === 'new') {
    return (
      <div class="record">
        <header class="record-head">
          <Button
            look="icon"
            class="record-close"
            aria-label="Close"
            onClick={() => {
              closePanel(route);
            }}
          >
            <Icon name="close" />
          </Button>
          <h2>New {entity.name}</h2>
        </header>
        <div class="record-content">
          <RecordForm
            entity={entity}
            info={undefined}
            saved={({ path }) => {
              table.peek()?.reload();
              go({ ...route, form: undefined, record: path }, 'replace');
            }}
            close={() => {
              closePanel(route);
            }}
          />
        </div>
      </div>
    );
  }
  if (!model) return null;
  return (
    <RecordPanel
      model={model}
      entity={entity}
      tab={route.tab}
      isEditing={route.form === 'edit'}
      choose={(tab) => {
        go({ ...route, tab }, 'replace');
      }}
      edit={(isEditing) => {
        go({ ...route, tab: 'fields', form: isEditing ? 'edit' : undefined }, isEditing ? 'push' : 'replace');
      }}
      close={() => {
        closePanel(route);
      }}
      removed={() => {
        closePanel(route);
      }}
    />
  );
}

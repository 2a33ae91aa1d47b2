import { useMemo, useRef } from 'preact/hooks';
import type { EntityInfo, RecordInfo } from '../../api/messages.js';
import { notify } from '../state/notices.js';
import { ask } from '../ui/ask.js';
import { Button } from '../ui/button.js';
import { messageOf } from '../wire/client.js';
import { ConflictView } from './conflict-view.js';
import { FormField } from './form-field.js';
import { FormModel } from './form-model.js';

/** What {@link RecordForm} takes. */
export interface RecordFormProps {
  readonly entity: EntityInfo;
  /** The record to edit; a new one is made without it. */
  readonly info: RecordInfo | undefined;
  readonly saved: (info: RecordInfo) => void;
  readonly close: () => void;
}

/** A record's fields to be edited, checked by the entity's own rules when they are saved. */
export function RecordForm({ entity, info, saved, close }: RecordFormProps) {
  const element = useRef<HTMLFormElement>(null);
  // What is edited stays when the record is read again: saving finds out.
  const form = useMemo(() => new FormModel(entity, info), [entity.name, info?.path]);
  const conflict = form.conflict.value;
  const general = [...form.violations.value].filter(
    ([property]) => !form.columns.some((column) => column.property === property),
  );
  const isOld = info !== undefined && conflict === undefined && info.revision !== form.revision;
  const save = async () => {
    try {
      const written = await form.save();
      if (written) {
        notify(
          form.isNew
            ? `Created ${written.row?.slug ?? written.path}.`
            : `Saved ${written.row?.slug ?? written.path}.`,
        );
        if (form.warning !== undefined) notify(form.warning, 'failed');
        saved(written);
      } else {
        requestAnimationFrame(() =>
          element.current?.querySelector<HTMLElement>('[aria-invalid="true"], .conflict input')?.focus(),
        );
      }
    } catch (error) {
      notify(messageOf(error), 'failed');
    }
  };
  const leave = async () => {
    const isSure =
      !form.isEdited ||
      (await ask({
        title: 'Discard the changes?',
        text: 'What you have edited is not saved.',
        action: 'Discard',
        tone: 'danger',
      }));
    if (isSure) close();
  };
  return (
    <form
      ref={element}
      class="record-form"
      noValidate
      aria-label={form.isNew ? `New ${entity.name}` : `Edit ${info?.row?.slug ?? ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        void leave();
      }}
    >
      <ConflictView form={form} />
      {isOld && (
        <p class="notice-line" role="status">
          Somebody else has changed this record. Saving will compare both.
        </p>
      )}
      {general.length > 0 && (
        <ul class="problems" role="alert">
          {general.map(([property, messages]) => (
            <li key={property}>
              {property === '' ? '' : `${property}: `}
              {messages.join(' ')}
            </li>
          ))}
        </ul>
      )}
      {form.columns.map((column) => (
        <FormField key={column.property} form={form} column={column} />
      ))}
      <div class="form-buttons">
        <Button onClick={() => void leave()}>Cancel</Button>
        <Button
          look="primary"
          type="submit"
          disabled={form.isSaving.value || !form.isDecided || (!form.isNew && !form.isEdited && !conflict)}
        >
          {conflict ? 'Save again' : form.isNew ? 'Create' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

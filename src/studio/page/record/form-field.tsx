import { useId } from 'preact/hooks';
import type { ColumnInfo } from '../../api/messages.js';
import type { FieldControl } from './field-text.js';
import type { FormModel } from './form-model.js';

/** A field of the form, and the rules that it breaks. */
export function FormField({ form, column }: { form: FormModel; column: ColumnInfo }) {
  const id = useId();
  const { property, type, required, nullable } = column;
  const text = form.text(property);
  const problems = form.violations.value.get(property);
  const isEdited = form.edits.value.has(property);
  const isSlug = property === form.entity.slug;
  const isNeeded = isSlug ? !form.entity.slugGenerated : required;
  return (
    <div class={isEdited ? 'field field-edited' : 'field'}>
      <div class="field-head">
        <label for={id}>
          {property}
          {isNeeded && <span class="needed"> required</span>}
        </label>
        <span class="faint">{type}</span>
        {nullable && !required && text !== null && (
          <button
            type="button"
            class="link"
            aria-label={`Set ${property} to null`}
            onClick={() => {
              form.edit(property, null);
            }}
          >
            null
          </button>
        )}
      </div>
      <Control
        id={id}
        column={column}
        control={form.control(column)}
        text={text}
        placeholder={isSlug && form.entity.slugGenerated ? 'generated' : text === null ? 'no value' : ''}
        describedBy={problems ? `${id}-problems` : undefined}
        edit={(edited) => {
          form.edit(property, edited);
        }}
      />
      {problems && (
        <ul class="problems" id={`${id}-problems`}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly column: ColumnInfo;
  readonly control: FieldControl;
  readonly text: string | null;
  readonly placeholder: string;
  readonly describedBy: string | undefined;
  readonly edit: (text: string | null) => void;
}

/** From this length on, text is edited in several lines. */
const LONG = 60;

function Control({ id, column, control, text, placeholder, describedBy, edit }: ControlProps) {
  const common = {
    id,
    name: column.property,
    'aria-invalid': describedBy !== undefined,
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    autocomplete: 'off' as const,
  };
  const choices =
    control === 'boolean' ? ['true', 'false'] : control === 'enum' ? column.values!.map(String) : undefined;
  if (choices) {
    return (
      <select
        {...common}
        value={text ?? ''}
        onChange={({ currentTarget: { value } }) => {
          edit(value === '' ? null : value);
        }}
      >
        {(text === null || !column.required) && <option value="">no value</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  if (control === 'json' || (control === 'text' && ((text?.length ?? 0) > LONG || text?.includes('\n')))) {
    return (
      <textarea
        {...common}
        class={control === 'json' ? 'mono' : ''}
        rows={Math.min(12, Math.max(3, (text ?? '').split('\n').length))}
        value={text ?? ''}
        placeholder={placeholder}
        spellcheck={false}
        onInput={({ currentTarget: { value } }) => {
          edit(value === '' && control === 'json' ? null : value);
        }}
      />
    );
  }
  return (
    <input
      {...common}
      inputMode={control === 'number' ? 'decimal' : 'text'}
      value={text ?? ''}
      placeholder={control === 'date' ? '2026-01-31T12:00:00.000Z' : placeholder}
      spellcheck={false}
      onInput={({ currentTarget: { value } }) => {
        // An empty number or date is none; an empty text is one.
        edit(value === '' && control !== 'text' ? null : value);
      }}
    />
  );
}

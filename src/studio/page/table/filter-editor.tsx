import { useState } from 'preact/hooks';
import type { ColumnInfo, Filter } from '../../api/messages.js';
import { Button } from '../ui/button.js';
import { Popover } from '../ui/popover.js';
import type { Operator } from './filters.js';
import { OPERATOR_NAMES, operatorsFor, takesValue } from './filters.js';
import { isDateType } from './format-value.js';

/** What {@link FilterEditor} takes. */
export interface FilterEditorProps {
  readonly column: ColumnInfo;
  readonly filter: Filter | undefined;
  readonly anchor: Element;
  readonly apply: (filter: Filter | undefined) => void;
  readonly close: () => void;
}

/** The condition on one column. */
export function FilterEditor({ column, filter, anchor, apply, close }: FilterEditorProps) {
  const operators = operatorsFor(column);
  const [operator, setOperator] = useState<Operator>(filter?.operator ?? operators[0]!);
  const choices = column.type === 'boolean' ? ['true', 'false'] : column.values?.map(String);
  const [value, setValue] = useState(filter?.value ?? choices?.[0] ?? '');
  const { property } = column;
  return (
    <Popover label={`Filter by ${property}`} anchor={anchor} close={close}>
      <form
        class="filter-form"
        onSubmit={(event) => {
          event.preventDefault();
          apply({ property, operator, ...(takesValue(operator) ? { value } : {}) });
          close();
        }}
      >
        <label class="stack">
          <span>{property}</span>
          <select
            value={operator}
            onChange={(event) => {
              setOperator(event.currentTarget.value as Operator);
            }}
          >
            {operators.map((name) => (
              <option key={name} value={name}>
                {OPERATOR_NAMES[name]}
              </option>
            ))}
          </select>
        </label>
        {takesValue(operator) && (
          <label class="stack">
            <span>value</span>
            {choices ? (
              <select
                value={value}
                onChange={(event) => {
                  setValue(event.currentTarget.value);
                }}
              >
                {choices.map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            ) : (
              <input
                value={value}
                placeholder={isDateType(column.type) ? '2026-01-31T12:00:00Z' : undefined}
                onInput={(event) => {
                  setValue(event.currentTarget.value);
                }}
              />
            )}
          </label>
        )}
        <p class="hint">
          {column.indexed ? 'An index serves this.' : 'No index: all records are looked at.'}
        </p>
        <div class="dialog-buttons">
          {filter && (
            <Button
              onClick={() => {
                apply(undefined);
                close();
              }}
            >
              Remove
            </Button>
          )}
          <Button look="primary" type="submit">
            Filter
          </Button>
        </div>
      </form>
    </Popover>
  );
}

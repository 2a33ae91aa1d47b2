import type { ColumnInfo, EntityInfo, RecordInfo } from '../../api/messages.js';
import { formatValue } from '../table/format-value.js';
import { isFileLeaf } from './file-look.js';
import { FilePreview } from './file-preview.js';

/** A record's fields, as its entity reads them, and its files. */
export function FieldsView({
  entity,
  info,
  changed,
}: {
  entity: EntityInfo;
  info: RecordInfo;
  changed: ReadonlySet<string>;
}) {
  const files = info.leaves.filter(isFileLeaf);
  const { row } = info;
  return (
    <>
      {info.misfit !== undefined && (
        <p class="problems" role="alert">
          This record does not fit {entity.name}: {info.misfit}
        </p>
      )}
      {row && (
        <dl class="fields">
          {entity.columns.map((column) => (
            <Field
              key={column.property}
              column={column}
              value={
                row.cut?.includes(column.property) ? 'too long to be shown' : row.values[column.property]
              }
              isChanged={changed.has(`${info.path}/${column.property}`)}
            />
          ))}
        </dl>
      )}
      {files.map((leaf) => (
        <FilePreview key={leaf.path} leaf={leaf} />
      ))}
    </>
  );
}

interface FieldProps {
  readonly column: ColumnInfo;
  readonly value: RecordInfo['leaves'][number]['value'] | undefined;
  readonly isChanged: boolean;
}

function Field({ column: { property, type }, value, isChanged }: FieldProps) {
  const shown = formatValue(value, type);
  const isLong = shown.look === 'json' || (typeof value === 'string' && shown.look === 'text');
  return (
    <div class={isChanged ? 'fact fact-changed' : 'fact'}>
      <dt>
        {property} <span class="faint">{type}</span>
      </dt>
      <dd class={`look-${shown.look}`} title={shown.title}>
        {shown.look === 'json' ? (
          <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
        ) : isLong ? (
          value
        ) : value === undefined ? (
          'no value'
        ) : (
          shown.text
        )}
        {shown.look === 'date' && <span class="faint iso">{shown.title}</span>}
      </dd>
    </div>
  );
}

import type { ColumnInfo, RecordRow } from '../../api/messages.js';
import type { ShownValue } from './format-value.js';
import { formatValue } from './format-value.js';

/** What {@link GridRow} takes. */
export interface GridRowProps {
  readonly index: number;
  readonly row: RecordRow | undefined;
  readonly columns: readonly ColumnInfo[];
  /** The slug's property, whose cell names the row. */
  readonly slug: string;
  /** The column that the keyboard is in; -1 when it is in another row. */
  readonly activeColumn: number;
  /** How often the row has changed just now. */
  readonly flashes: number;
  readonly isOpen: boolean;
  readonly isGone: boolean;
  readonly address: (path: string) => string;
}

/** The height of a row, in pixels, as in table.css. */
export const ROW_HEIGHT = 28;

/** One row of the grid: a record, or a place where one will be. */
export function GridRow({
  index,
  row,
  columns,
  slug,
  activeColumn,
  flashes,
  isOpen,
  isGone,
  address,
}: GridRowProps) {
  const looks = ['row'];
  if (isOpen) looks.push('row-open');
  if (isGone) looks.push('row-gone');
  if (flashes > 0) looks.push(flashes % 2 === 0 ? 'row-flash-even' : 'row-flash-odd');
  return (
    <div
      class={looks.join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      aria-busy={row === undefined}
      data-row={index}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
    >
      {columns.map((column, i) => (
        <Cell
          key={column.property}
          place={i}
          row={row}
          column={column}
          isActive={i === activeColumn}
          address={column.property === slug && row ? address(row.path) : undefined}
        />
      ))}
    </div>
  );
}

interface CellProps {
  readonly place: number;
  readonly row: RecordRow | undefined;
  readonly column: ColumnInfo;
  readonly isActive: boolean;
  readonly address: string | undefined;
}

function Cell({ place, row, column, isActive, address }: CellProps) {
  const shown = row && shownValue(row, column);
  return (
    <div
      class={shown ? `cell cell-${shown.look}` : 'cell cell-loading'}
      role="gridcell"
      aria-colindex={place + 1}
      tabIndex={isActive ? 0 : -1}
      data-column={place}
      title={shown?.title}
    >
      {shown === undefined ? (
        <span class="placeholder" />
      ) : address === undefined ? (
        shown.text
      ) : (
        <a href={address} tabIndex={-1}>
          {shown.text}
        </a>
      )}
    </div>
  );
}

function shownValue({ values, cut }: RecordRow, { property, type }: ColumnInfo): ShownValue {
  if (cut?.includes(property)) return { text: 'too long to be shown', look: 'absent' };
  return formatValue(values[property], type);
}

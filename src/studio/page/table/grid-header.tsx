import { useRef } from 'preact/hooks';
import type { ColumnInfo, Filter } from '../../api/messages.js';
import type { Order } from '../state/route.js';
import { Icon } from '../ui/icons.js';
import type { ColumnLayout } from './column-layout.js';

/** What {@link GridHeader} takes. */
export interface GridHeaderProps {
  readonly columns: readonly ColumnInfo[];
  readonly layout: ColumnLayout;
  readonly order: Order | undefined;
  readonly filters: readonly Filter[];
  readonly activeColumn: number;
  readonly sort: (property: string) => void;
  /** Opens the filter of a column below an element. */
  readonly filter: (property: string, anchor: HTMLElement) => void;
}

/** The header row: names that sort, buttons that filter, and edges that are dragged. */
export function GridHeader({ columns, layout, order, filters, activeColumn, sort, filter }: GridHeaderProps) {
  return (
    <div class="grid-head" role="rowgroup">
      <div class="row row-head" role="row" aria-rowindex={1}>
        {columns.map((column, i) => {
          const { property, sortable } = column;
          const direction = order?.property === property ? order.direction : undefined;
          const isFiltered = filters.some((other) => other.property === property);
          return (
            <div
              key={property}
              class="cell cell-head"
              role="columnheader"
              aria-colindex={i + 1}
              aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
              tabIndex={i === activeColumn ? 0 : -1}
              data-column={i}
              title={`${property}: ${column.type}${column.indexed ? ', indexed' : ''}${sortable ? '' : ', cannot be sorted'}`}
            >
              {sortable ? (
                <button
                  type="button"
                  class="head-sort"
                  tabIndex={-1}
                  onClick={() => {
                    sort(property);
                  }}
                >
                  <span class="head-name">{property}</span>
                  {direction && <Icon name={direction === 'asc' ? 'up' : 'down'} />}
                </button>
              ) : (
                <span class="head-name head-plain">{property}</span>
              )}
              {sortable && (
                <button
                  type="button"
                  class={isFiltered ? 'head-filter head-filtered' : 'head-filter'}
                  tabIndex={-1}
                  aria-label={`Filter by ${property}`}
                  onClick={(event) => {
                    filter(property, event.currentTarget);
                  }}
                >
                  <Icon name="filter" />
                </button>
              )}
              <Edge column={column} layout={layout} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The right edge of a header. By keyboard, Shift and an arrow do the same. */
function Edge({ column, layout }: { column: ColumnInfo; layout: ColumnLayout }) {
  const drag = useRef<{ from: number; width: number }>(undefined);
  return (
    <span
      class="head-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: event.clientX, width: layout.width(column) };
      }}
      onPointerMove={(event) => {
        if (drag.current) {
          layout.resize(column.property, drag.current.width + event.clientX - drag.current.from);
        }
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
    />
  );
}

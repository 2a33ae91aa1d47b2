import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Order, TableRoute } from '../state/route.js';
import { formatRoute } from '../state/route.js';
import type { ColumnLayout } from './column-layout.js';
import type { CellPlace } from './grid-focus.js';
import { moveInGrid } from './grid-focus.js';
import { GridHeader } from './grid-header.js';
import { GridRow, ROW_HEIGHT } from './grid-row.js';
import { assignSlots, rowWindow, scrollToShow } from './row-window.js';
import type { TableModel } from './table-model.js';

/** The height of the header row, in pixels, as in table.css. */
const HEAD_HEIGHT = 30;
/** How long a place must be looked at before its page is read, in milliseconds: a scroll bar passes many. */
const SETTLE = 60;
/** How much a key makes a column wider, in pixels. */
const WIDTH_STEP = 16;

/** What {@link Grid} takes. */
export interface GridProps {
  readonly model: TableModel;
  readonly layout: ColumnLayout;
  readonly route: TableRoute;
  readonly order: Order | undefined;
  readonly open: (path: string) => void;
  readonly sort: (property: string) => void;
  readonly filter: (property: string, anchor: HTMLElement) => void;
}

/** Records as an ARIA grid, of which only the rows in sight are in the document. */
export function Grid({ model, layout, route, order, open, sort, filter }: GridProps) {
  const element = useRef<HTMLDivElement>(null);
  const slots = useRef<ReadonlyMap<number, number>>(new Map());
  const moved = useRef(false);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [active, setActive] = useState<CellPlace>({ row: 0, column: 0 });

  const { pages } = model.shown.value;
  const columns = layout.shown;
  const { extent } = pages;
  const place: CellPlace = {
    row: Math.min(active.row, extent - 1),
    column: Math.min(active.column, columns.length - 1),
  };
  const viewport = { scrollTop, height: Math.max(0, height - HEAD_HEIGHT), rowHeight: ROW_HEIGHT };
  const { first, end } = rowWindow(viewport, extent);

  useLayoutEffect(() => {
    const grid = element.current!;
    const observer = new ResizeObserver(() => {
      setHeight(grid.clientHeight);
    });
    observer.observe(grid);
    setHeight(grid.clientHeight);
    return () => {
      observer.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    element.current!.scrollTop = 0;
    setScrollTop(0);
    model.look(0, 1);
  }, [model]);

  useEffect(() => {
    if (height === 0) return;
    const timer = setTimeout(() => {
      model.look(first, end);
    }, SETTLE);
    return () => {
      clearTimeout(timer);
    };
  }, [model, first, end, height === 0]);

  useLayoutEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    cellAt(element.current!, place)?.focus();
  }, [place.row, place.column, first]);

  slots.current = assignSlots(slots.current, { first, end }, place.row < 0 ? undefined : place.row);
  const rows = [...slots.current].sort(([, a], [, b]) => a - b);
  const marked = model.flashes.marked.value;
  const { gone } = model.offer.value;

  const moveTo = (to: CellPlace) => {
    moved.current = true;
    setActive(to);
    if (to.row < 0) return;
    const grid = element.current!;
    grid.scrollTop = scrollToShow(to.row, { ...viewport, scrollTop: grid.scrollTop });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest('button, input, select')) return;
    if (event.altKey || event.metaKey) return;
    const column = columns[place.column];
    if (place.row < 0 && column && headerKey(event, column.property)) return;
    if (event.key === 'Enter' && place.row >= 0) {
      const row = pages.row(place.row);
      if (row) open(row.path);
      event.preventDefault();
      return;
    }
    const size = {
      rows: extent,
      columns: columns.length,
      page: Math.max(1, Math.floor(viewport.height / ROW_HEIGHT) - 1),
    };
    const to = moveInGrid(place, event.key, event.ctrlKey, size);
    if (!to) return;
    event.preventDefault();
    moveTo(to);
  };
  const headerKey = (event: KeyboardEvent, property: string): boolean => {
    const column = columns[place.column]!;
    const step = event.key === 'ArrowLeft' ? -WIDTH_STEP : event.key === 'ArrowRight' ? WIDTH_STEP : 0;
    if (event.shiftKey && step !== 0) layout.resize(property, layout.width(column) + step);
    else if (event.key === 'Enter' && column.sortable) sort(property);
    else if (event.key === 'f' && column.sortable) filter(property, cellAt(element.current!, place)!);
    else return false;
    event.preventDefault();
    return true;
  };

  return (
    <div
      ref={element}
      class="grid"
      role="grid"
      aria-label={`Records of ${model.entity.name}`}
      aria-rowcount={pages.total === undefined ? -1 : pages.total + 1}
      aria-colcount={columns.length}
      style={{ '--columns': columns.map((column) => `${layout.width(column)}px`).join(' ') }}
      onScroll={(event) => {
        setScrollTop(Math.floor(event.currentTarget.scrollTop / ROW_HEIGHT) * ROW_HEIGHT);
      }}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const at = placeOf(event.target);
        if (at) setActive(at);
      }}
      onClick={(event) => {
        const at = placeOf(event.target);
        const row = at && pages.row(at.row);
        // A link opens its address by itself, in another tab when it is asked to.
        if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(row.path);
      }}
    >
      <GridHeader
        columns={columns}
        layout={layout}
        order={order}
        filters={route.filters}
        activeColumn={place.row < 0 ? place.column : -1}
        sort={sort}
        filter={filter}
      />
      <div class="grid-body" role="rowgroup" style={{ height: `${extent * ROW_HEIGHT}px` }}>
        {rows.map(([index, slot]) => {
          const row = pages.row(index);
          return (
            <GridRow
              key={slot}
              index={index}
              row={row}
              columns={columns}
              slug={model.entity.slug}
              activeColumn={index === place.row ? place.column : -1}
              flashes={row ? (marked.get(row.slug) ?? 0) : 0}
              isOpen={row !== undefined && row.path === route.record}
              isGone={row !== undefined && gone.has(row.slug)}
              address={(path) => formatRoute({ ...route, record: path, form: undefined })}
            />
          );
        })}
      </div>
    </div>
  );
}

function cellAt(grid: HTMLElement, { row, column }: CellPlace): HTMLElement | null {
  const line = row < 0 ? '.row-head' : `[data-row="${row}"]`;
  return grid.querySelector<HTMLElement>(`${line} > [data-column="${column}"]`);
}

function placeOf(target: EventTarget | null): CellPlace | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null;
  const row = cell?.closest<HTMLElement>('[data-row]')?.dataset.row;
  return cell
    ? { row: row === undefined ? -1 : Number(row), column: Number(cell.dataset.column) }
    : undefined;
}

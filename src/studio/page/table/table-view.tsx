import { useState } from 'preact/hooks';
import type { ColumnInfo, Filter } from '../../api/messages.js';
import { go } from '../state/router.js';
import type { TableRoute } from '../state/route.js';
import { entityNamed, writable } from '../state/session.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Empty, Failed, Loading } from '../ui/states.js';
import { ColumnMenu } from './column-menu.js';
import { FilterEditor } from './filter-editor.js';
import { describeFilter, nextOrder, withFilter, withoutFilter } from './filters.js';
import { Grid } from './grid.js';
import type { TableModel } from './table-model.js';
import { offerText } from './table-model.js';
import { layoutOf, table } from './table-state.js';

/** The table of an entity, with what is asked of it. */
export function TableView({ route }: { route: TableRoute }) {
  const model = table.value;
  const [editor, setEditor] = useState<{ column: ColumnInfo; anchor: Element }>();
  if (!model) return <Empty>The configuration has no entity {route.entity}.</Empty>;
  const setFilters = (filters: readonly Filter[]) => {
    go({ ...route, filters, record: undefined, form: undefined });
  };
  const { pages } = model.shown.value;
  return (
    <section class="table-view" aria-label={model.entity.name}>
      <TableBar model={model} route={route} setFilters={setFilters} />
      {pages.failure !== undefined && (
        <Failed
          error={pages.failure}
          retry={() => {
            model.retry();
          }}
        />
      )}
      <Grid
        model={model}
        layout={layoutOf(model)}
        route={route}
        order={route.order}
        open={(path) => {
          go({ ...route, record: path, form: undefined });
        }}
        sort={(property) => {
          go({ ...route, order: nextOrder(route.order, property) });
        }}
        filter={(property, anchor) => {
          const column = model.entity.columns.find((other) => other.property === property);
          if (column) setEditor({ column, anchor });
        }}
      />
      {pages.begun
        ? pages.extent === 0 && <NoRecords route={route} />
        : pages.failure === undefined && <Loading what="records" />}
      {editor && (
        <FilterEditor
          key={editor.column.property}
          column={editor.column}
          filter={route.filters.find(({ property }) => property === editor.column.property)}
          anchor={editor.anchor}
          apply={(filter) => {
            setFilters(
              filter
                ? withFilter(route.filters, filter)
                : withoutFilter(route.filters, editor.column.property),
            );
          }}
          close={() => {
            setEditor(undefined);
          }}
        />
      )}
    </section>
  );
}

interface TableBarProps {
  readonly model: TableModel;
  readonly route: TableRoute;
  readonly setFilters: (filters: readonly Filter[]) => void;
}

/** What stands above the rows: how many, how they were found, what is asked for. */
function TableBar({ model, route, setFilters }: TableBarProps) {
  const { entity } = model;
  const offer = offerText(model.offer.value);
  return (
    <div class="table-bar">
      <h1>{entity.name}</h1>
      <Facts model={model} />
      {route.filters.map((filter) => (
        <span key={filter.property} class="chip">
          {describeFilter(filter)}
          <button
            type="button"
            aria-label={`Remove the filter on ${filter.property}`}
            onClick={() => {
              setFilters(withoutFilter(route.filters, filter.property));
            }}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <span class="spring" />
      <span role="status">
        {offer !== '' && (
          <Button
            look="primary"
            onClick={() => {
              model.reload();
            }}
          >
            {offer}
          </Button>
        )}
      </span>
      {entity.softDelete && (
        <label class="check">
          <input
            type="checkbox"
            checked={route.withDeleted}
            onChange={(event) => {
              go({ ...route, withDeleted: event.currentTarget.checked });
            }}
          />
          <span>With deleted</span>
        </label>
      )}
      <ColumnMenu entity={entity} layout={layoutOf(model)} />
      {writable.value && (
        <Button
          onClick={() => {
            go({ ...route, record: undefined, form: 'new', tab: 'fields' });
          }}
        >
          <Icon name="plus" /> New
        </Button>
      )}
    </div>
  );
}

function Facts({ model }: { model: TableModel }) {
  const { pages } = model.shown.value;
  const { lastPage, total, extent } = pages;
  if (!lastPage) return null;
  const count = total === undefined ? `${extent.toLocaleString('en')}+` : total.toLocaleString('en');
  return (
    <span class="facts">
      <span>
        {count} {total === 1 ? 'record' : 'records'}
      </span>
      <span
        class={lastPage.path.startsWith('scan') ? 'tag tag-warn' : 'tag'}
        title="How the last page was found"
      >
        {lastPage.path}
      </span>
      <span>{lastPage.examined.toLocaleString('en')} examined</span>
    </span>
  );
}

function NoRecords({ route }: { route: TableRoute }) {
  return (
    <Empty>
      {route.filters.length > 0 ? 'No record meets the filters.' : nothingYet(route)}{' '}
      {route.filters.length > 0 && (
        <Button
          onClick={() => {
            go({ ...route, filters: [] });
          }}
        >
          Remove the filters
        </Button>
      )}
    </Empty>
  );
}

/** Records that are marked as deleted may be there, and are not counted: they are looked for when they are asked for. */
function nothingYet({ entity, withDeleted }: TableRoute): string {
  const hasMarked = entityNamed(entity)?.softDelete === true && !withDeleted;
  return hasMarked
    ? 'There are no records. Any that are marked as deleted are not shown.'
    : 'There are no records yet.';
}

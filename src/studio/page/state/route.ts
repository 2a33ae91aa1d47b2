import type { Filter } from '../../api/messages.js';

/** What a record's panel shows. */
export type RecordTab = 'fields' | 'leaves' | 'history';

/** A table's order. */
export interface Order {
  readonly property: string;
  readonly direction: 'asc' | 'desc';
}

/** The table of an entity, and the record that is open beside it. */
export interface TableRoute {
  readonly view: 'table';
  readonly entity: string;
  readonly order?: Order | undefined;
  readonly filters: readonly Filter[];
  readonly withDeleted: boolean;
  /** The path of the open record. */
  readonly record?: string | undefined;
  readonly tab: RecordTab;
  /** The form in the panel: for the open record, or for a new one. */
  readonly form?: 'edit' | 'new' | undefined;
}

/** What lies at a path and below it, of whatever entity or none. */
export interface PathRoute {
  readonly view: 'path';
  readonly path: string;
  readonly tab: RecordTab;
}

/** A view, as the part of the address behind `#` names it. */
export type Route = { readonly view: 'home' } | { readonly view: 'status' } | TableRoute | PathRoute;

const OPERATORS: ReadonlySet<string> = new Set<Filter['operator']>([
  'is',
  'isNot',
  'contains',
  'startsWith',
  'less',
  'greater',
  'isNull',
  'isNotNull',
]);

/** The table of an entity with nothing chosen. */
export function tableOf(entity: string): TableRoute {
  return { view: 'table', entity, filters: [], withDeleted: false, tab: 'fields' };
}

/** What is at a path. */
export function pathRoute(path: string, tab: RecordTab = 'leaves'): PathRoute {
  return { view: 'path', path, tab };
}

/** The view that a hash names. What cannot be read is the home view, or left out. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const parameters = new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1));
  const [, view, name] = (mark < 0 ? text : text.slice(0, mark)).split('/');
  if (view === 'status') return { view: 'status' };
  if (view === 'path') {
    return { view: 'path', path: parameters.get('at') ?? '', tab: tabOf(parameters, 'leaves') };
  }
  const entity = decoded(name);
  if (view !== 'entity' || !entity) return { view: 'home' };
  const form = parameters.get('form');
  return {
    view: 'table',
    entity,
    order: orderOf(parameters.get('order')),
    filters: parameters.getAll('where').flatMap(filterOf),
    withDeleted: parameters.has('deleted'),
    record: parameters.get('record') ?? undefined,
    tab: tabOf(parameters, 'fields'),
    form: form === 'edit' || form === 'new' ? form : undefined,
  };
}

/** The hash of a view: what {@link parseRoute} reads. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'home':
      return '#/';
    case 'status':
      return '#/status';
    case 'path':
      return `#/path${queryOf([['at', route.path], ...(route.tab === 'leaves' ? [] : [['tab', route.tab] as const])])}`;
    case 'table':
      return `#/entity/${encodeURIComponent(route.entity)}${queryOf(tableParameters(route))}`;
  }
}

/** What of a table's route decides which rows it has: two routes with the same text show the same table. */
export function tableKey({ entity, order, filters, withDeleted }: TableRoute): string {
  return JSON.stringify([entity, order, filters, withDeleted]);
}

type Parameter = readonly [name: string, value: string];

function tableParameters({ order, filters, withDeleted, record, tab, form }: TableRoute): Parameter[] {
  const parameters: Parameter[] = [];
  if (order) parameters.push(['order', `${order.property}.${order.direction}`]);
  for (const { property, operator, value } of filters) {
    const parts = [property, operator, ...(value === undefined ? [] : [value])];
    parameters.push(['where', parts.map(encodeURIComponent).join(':')]);
  }
  if (withDeleted) parameters.push(['deleted', '1']);
  if (record !== undefined) parameters.push(['record', record]);
  if (tab !== 'fields') parameters.push(['tab', tab]);
  if (form) parameters.push(['form', form]);
  return parameters;
}

function queryOf(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  // Slashes may stand in a query as they are, and a path reads better with them.
  return `?${new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString().replaceAll('%2F', '/')}`;
}

function tabOf(parameters: URLSearchParams, otherwise: RecordTab): RecordTab {
  const tab = parameters.get('tab');
  return tab === 'fields' || tab === 'leaves' || tab === 'history' ? tab : otherwise;
}

function orderOf(text: string | null): Order | undefined {
  const cut = text?.lastIndexOf('.') ?? -1;
  const direction = text?.slice(cut + 1);
  if (!text || cut < 1 || (direction !== 'asc' && direction !== 'desc')) return undefined;
  return { property: text.slice(0, cut), direction };
}

function filterOf(text: string): Filter[] {
  const [property, operator, value] = text.split(':').map(decoded);
  if (!property || !operator || !OPERATORS.has(operator)) return [];
  return [{ property, operator: operator as Filter['operator'], ...(value === undefined ? {} : { value }) }];
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

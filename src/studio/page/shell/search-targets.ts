import type { EntityInfo } from '../../api/messages.js';
import { pathOf } from '../state/paths.js';
import type { Route } from '../state/route.js';
import { pathRoute, tableOf } from '../state/route.js';

/** Where a search can lead. */
export interface SearchTarget {
  readonly title: string;
  readonly detail: string;
  readonly route: Route;
}

const MOST_TARGETS = 8;

/** Where a text may lead: a table, a record by its slug, a path. The entity that is looked at comes first. */
export function searchTargets(
  text: string,
  entities: readonly EntityInfo[],
  current: string | undefined,
): SearchTarget[] {
  const wanted = text.trim();
  if (wanted === '') return [];
  const ordered = [...entities].sort((a, b) => Number(b.name === current) - Number(a.name === current));
  const lower = wanted.toLowerCase();
  const tables = ordered
    .filter(
      ({ name, prefix }) => name.toLowerCase().includes(lower) || prefix.toLowerCase().startsWith(lower),
    )
    .map(({ name, prefix }) => ({ title: name, detail: `table of ${prefix}`, route: tableOf(name) }));
  const path: SearchTarget = {
    title: wanted,
    detail: 'path',
    route: pathRoute(wanted.replace(/^\/+|\/+$/g, '')),
  };
  const records = ordered.map(({ name, prefix }) => {
    const record = `${prefix}/${pathOf([wanted])}`;
    return { title: wanted, detail: `slug in ${name}`, route: { ...tableOf(name), record } };
  });
  const isPath = wanted.includes('/');
  const exact = ordered.find(({ prefix }) => wanted.startsWith(`${prefix}/`));
  if (exact && wanted.split('/').length === exact.prefix.split('/').length + 1) {
    const route = { ...tableOf(exact.name), record: wanted };
    return [{ title: wanted, detail: `record of ${exact.name}`, route }, path, ...tables].slice(
      0,
      MOST_TARGETS,
    );
  }
  return (isPath ? [path, ...tables, ...records] : [...tables, ...records, path]).slice(0, MOST_TARGETS);
}

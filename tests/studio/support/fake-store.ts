import type {
  ChildInfo,
  ChildrenPage,
  HistoryEntry,
  LeafInfo,
  RecordInfo,
  RecordRow,
  RecordsPage,
  RecordsQuery,
  SaveRequest,
  StoreInfo,
  Violation,
  WriteAnswer,
} from '../../../src/studio/api/messages.js';
import type { JsonObject, JsonValue } from '../../../src/protocol/values/value.js';
import { FAKE_ENTITIES } from './fake-entities.js';

interface Leaf {
  value: JsonValue;
  revision: number;
}

/** A store in a list, which answers the studio's page as its process does, only more simply: a fake. */
export class FakeStore {
  readonly #leaves = new Map<string, Leaf>();
  readonly #log: HistoryEntry[] = [];
  #seq = 0;
  /** Hears every operation. */
  heard: (entry: HistoryEntry) => void = () => undefined;

  constructor(public writable: boolean) {}

  info(): StoreInfo {
    const { writable } = this;
    const place = 'a list of the tests';
    return {
      store: 'acme/library',
      place,
      version: '0.0.0',
      writable,
      live: true,
      history: true,
      entities: FAKE_ENTITIES,
    };
  }

  get seq(): number {
    return this.#seq;
  }

  /** Sets leaves of one record; null removes one. */
  write(path: string, values: JsonObject, op = 'merge'): void {
    this.#seq++;
    const changes = Object.entries(values).map(([name, after]) => {
      const at = name === '' ? path : `${path}/${name.replaceAll('.', '/')}`;
      const before = this.#leaves.get(at)?.value;
      if (after === null) this.#leaves.delete(at);
      else this.#leaves.set(at, { value: after, revision: this.#seq });
      return { path: at, ...(before === undefined ? {} : { before }), ...(after === null ? {} : { after }) };
    });
    const entry = { storeSeq: this.#seq, op, path, value: values, deviceId: 'a-test', changes };
    this.#log.push(entry);
    this.heard(entry);
  }

  below(path: string): LeafInfo[] {
    const own = [...this.#leaves].filter(([at]) => at === path || at.startsWith(`${path}/`));
    return own.map(([at, { value, revision }]) => ({ path: at, type: typeOf(value), revision, value }));
  }

  record(path: string): RecordInfo {
    const leaves = this.below(path);
    const revision = Math.max(0, ...leaves.map((leaf) => leaf.revision));
    const entity = FAKE_ENTITIES.find(({ prefix }) => path.startsWith(`${prefix}/`));
    const isRecord = entity && !path.slice(entity.prefix.length + 1).includes('/');
    if (!isRecord || leaves.length === 0) return { path, leaves, more: false, revision };
    return { path, leaves, more: false, revision, entity: entity.name, row: this.row(entity.name, path) };
  }

  row(entity: string, path: string): RecordRow {
    const { columns, slug: slugName } = FAKE_ENTITIES.find(({ name }) => name === entity)!;
    const slug = path.slice(path.lastIndexOf('/') + 1);
    const values: Record<string, JsonValue> = { [slugName]: slug };
    let revision = 0;
    for (const { property } of columns) {
      const leaf = this.#leaves.get(`${path}/${property.replaceAll('.', '/')}`);
      if (!leaf) continue;
      values[property] = leaf.value;
      revision = Math.max(revision, leaf.revision);
    }
    return { path, slug, revision, values };
  }

  children(path: string): ChildrenPage {
    const found = new Map<string, ChildInfo>();
    for (const at of this.#leaves.keys()) {
      if (path !== '' && !at.startsWith(`${path}/`)) continue;
      const rest = path === '' ? at : at.slice(path.length + 1);
      const segment = rest.split('/')[0]!;
      const child = path === '' ? segment : `${path}/${segment}`;
      const entity = FAKE_ENTITIES.find(({ prefix }) => prefix === child)?.name;
      const leaves = (found.get(segment)?.leaves ?? 0) + 1;
      found.set(segment, { path: child, segment, leaves, atLeast: false, isLeaf: at === child, entity });
    }
    return { children: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), nextCursor: null };
  }

  records({ entity, filters = [], order, take = 100, cursor, skip = 0 }: RecordsQuery): RecordsPage {
    const { prefix, slug } = FAKE_ENTITIES.find(({ name }) => name === entity)!;
    const slugs = [
      ...new Set(this.below(prefix).map(({ path }) => path.slice(prefix.length + 1).split('/')[0]!)),
    ];
    const rows = slugs
      .map((name) => this.row(entity, `${prefix}/${name}`))
      .filter(({ values }) =>
        filters.every(({ property, operator, value = '' }) => {
          const own = values[property] ?? null;
          if (operator === 'less') return own !== null && Number(own) < Number(value);
          if (operator === 'greater') return own !== null && Number(own) > Number(value);
          if (operator === 'contains') return JSON.stringify(own).includes(value);
          return operator === 'isNull' ? own === null : own === value;
        }),
      );
    const by = order?.property ?? slug;
    const sign = order?.direction === 'desc' ? -1 : 1;
    rows.sort((a, b) => {
      const [one, other] = [a.values[by] ?? '', b.values[by] ?? ''];
      return sign * (one < other ? -1 : one > other ? 1 : a.slug < b.slug ? -1 : 1);
    });
    const from = cursor === undefined ? skip : Number(cursor);
    return {
      rows: rows.slice(from, from + take),
      next: from + take < rows.length ? String(from + take) : null,
      previous: from > 0 ? String(Math.max(0, from - take)) : null,
      total: rows.length,
      path: order ? `index ${by}` : filters.length > 0 ? 'scan' : 'slug',
      examined: filters.length > 0 ? slugs.length : Math.min(take, rows.length),
    };
  }

  history(path: string): readonly HistoryEntry[] {
    return this.#log
      .filter(({ changes }) => changes.some((change) => change.path.startsWith(`${path}/`)))
      .reverse();
  }

  save({ entity, slug, values, path, value, revision }: SaveRequest): WriteAnswer {
    const at = path ?? `${FAKE_ENTITIES.find(({ name }) => name === entity)!.prefix}/${slug!}`;
    const current = this.record(at);
    if (current.revision !== revision) return { outcome: 'conflict', current };
    const typed = path === undefined ? typedValues(values ?? {}) : { '': value ?? null };
    const violations = path === undefined ? violationsOf(typed) : [];
    if (violations.length > 0) return { outcome: 'invalid', violations };
    this.write(at, typed, path === undefined ? 'merge' : 'set');
    return { outcome: 'written', storeSeq: this.#seq, record: this.record(at) };
  }

  delete(path: string, revision: number): WriteAnswer {
    const current = this.record(path);
    if (current.revision !== revision) return { outcome: 'conflict', current };
    this.write(path, this.#cleared(path), 'delete');
    return { outcome: 'written', storeSeq: this.#seq, record: this.record(path) };
  }

  restore(path: string, storeSeq: number): WriteAnswer {
    const values: Record<string, JsonValue> = { ...this.#cleared(path) };
    for (const { changes, storeSeq: seq } of this.#log) {
      if (seq > storeSeq) break;
      for (const change of changes) {
        if (change.path.startsWith(`${path}/`)) {
          values[change.path.slice(path.length + 1)] = change.after ?? null;
        }
      }
    }
    this.write(path, values, 'set');
    return { outcome: 'written', storeSeq: this.#seq, record: this.record(path) };
  }

  #cleared(path: string): JsonObject {
    return Object.fromEntries(this.below(path).map((leaf) => [leaf.path.slice(path.length + 1), null]));
  }
}

function typedValues(values: JsonObject): JsonObject {
  const typed = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' && (name === 'pages' || name === 'imprint.year') ? Number(value) : value,
  ]);
  return Object.fromEntries(typed) as JsonObject;
}

function violationsOf({ title, pages }: JsonObject): Violation[] {
  const violations: Violation[] = [];
  if (title === null || title === '') {
    violations.push({ property: 'title', messages: ['title must not be empty'] });
  }
  if (typeof pages === 'number' && pages < 1) {
    violations.push({ property: 'pages', messages: ['pages must not be less than 1'] });
  }
  return violations;
}

function typeOf(value: JsonValue): LeafInfo['type'] {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' && value !== null && '_type' in value ? 'file' : 'string';
}

import type { ColumnInfo, EntityInfo } from '../../../src/studio/api/messages.js';

const column = (property: string, type: string, more: Partial<ColumnInfo> = {}): ColumnInfo => ({
  property,
  type,
  required: false,
  nullable: true,
  sortable: !['json', 'set', 'file'].includes(type),
  indexed: false,
  editable: !['counter', 'set', 'file'].includes(type),
  ...more,
});

const slug = column('id', 'slug', { required: true, nullable: false, indexed: true, editable: false });

/** What the process would say of the entities in library.ts. */
export const FAKE_ENTITIES: readonly EntityInfo[] = [
  {
    name: 'Book',
    prefix: 'library/books',
    mode: 'flat',
    slug: 'id',
    slugGenerated: false,
    columns: [
      slug,
      column('title', 'string', { required: true, nullable: false, indexed: true }),
      column('state', 'enum', { required: true, nullable: false, values: ['ordered', 'here', 'lent'] }),
      column('pages', 'integer', { indexed: true }),
      column('price', 'decimal'),
      column('illustrated', 'boolean'),
      column('published', 'datetime', { indexed: true }),
      column('imprint.place', 'string'),
      column('imprint.year', 'integer'),
      column('notes', 'json'),
      column('tags', 'set'),
      column('loans', 'counter'),
      column('cover', 'file'),
      column('createdAt', 'datetime', { editable: false }),
      column('updatedAt', 'datetime', { editable: false }),
    ],
    softDelete: false,
  },
  {
    name: 'Reading',
    prefix: 'readings',
    mode: 'map',
    slug: 'id',
    slugGenerated: false,
    columns: [
      slug,
      column('station', 'string', { required: true, indexed: true }),
      column('value', 'float', { required: true }),
      column('at', 'datetime', { required: true }),
    ],
    softDelete: false,
  },
];

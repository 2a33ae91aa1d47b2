import type { EntityMetadata, FieldMetadata } from '../../../src/metadata/types.js';

/** One field of every kind that queries treat differently. */
export class Thing {
  slug!: string;
  title?: string | null;
  count?: number;
  score?: number;
  open?: boolean;
  at?: Date;
  big?: bigint;
  price?: string;
  data?: Uint8Array;
  meta?: unknown;
  kind?: 'a' | 'b';
  tags?: string[];
  labels?: string[];
  secret?: { toString(): string };
  home?: { city: string };

  greet(): string {
    return this.slug;
  }
}

const FIELDS: Readonly<Record<string, Partial<FieldMetadata>>> = {
  title: {},
  count: { type: 'integer' },
  score: { type: 'float' },
  open: { type: 'boolean' },
  at: { type: 'date' },
  big: { type: 'bigint' },
  price: { type: 'decimal' },
  data: { type: 'bytes' },
  meta: { type: 'json' },
  kind: { type: 'enum', enumValues: ['a', 'b'] },
  tags: { array: true },
  labels: { role: 'set' },
  secret: { type: 'json', transformers: [{ to: (value) => value, from: (value) => value }] },
  home: { type: 'nested' },
};

/** The metadata of {@link Thing}, as decorators would make it. */
export function thingMetadata(overrides: Partial<EntityMetadata<Thing>> = {}): EntityMetadata<Thing> {
  const fields = Object.entries(FIELDS).map(([name, overridden]) => field(name, overridden));
  return {
    target: Thing,
    name: 'Thing',
    prefix: ['things'],
    prefixPath: 'things',
    mode: 'flat',
    store: undefined,
    slugProperty: 'slug',
    fields,
    fieldByProperty: new Map(fields.map((each) => [each.propertyName, each])),
    fieldByWireSegment: new Map(fields.map((each) => [each.wireSegment, each])),
    versionField: undefined,
    nullsOnRead: false,
    indexes: [],
    references: [],
    ...overrides,
  };
}

function field(name: string, overrides: Partial<FieldMetadata>): FieldMetadata {
  return {
    propertyName: name,
    wireName: name,
    wireSegment: name,
    role: 'plain',
    type: 'string',
    array: false,
    required: false,
    nullable: true,
    select: true,
    coerce: false,
    default: undefined,
    transformers: [],
    enumValues: undefined,
    nestedClass: undefined,
    ...overrides,
  };
}

/** A thing with these properties. */
export function thing(properties: Partial<Thing>): Thing {
  return Object.assign(new Thing(), { slug: 'x' }, properties);
}

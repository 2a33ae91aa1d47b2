import 'reflect-metadata';
import {
  CounterField,
  DeletedAtField,
  DustEntity,
  Field,
  Index,
  SetField,
  Slug,
} from '../../../../../src/decorators/index.js';
import type { EntityClass, StorageMode } from '../../../../../src/metadata/types.js';
import { SCOPES } from './implied.js';
import { Money } from './leaves.js';

/** A row as these tests see it. */
export type Row = { slug: string } & Readonly<Record<string, unknown>>;

class Geo {
  @Field('float') lat?: number | null;
}

class Address {
  @Field('string') city?: string | null;
  @Field({ type: 'string', name: 'postcode' }) zip?: string | null;
  @Field({ type: () => Geo }) geo?: Geo | null;
}

class IndexedAddress {
  @Field('string') @Index() city?: string | null;
  @Field({ type: 'string', name: 'postcode' }) zip?: string | null;
  @Field({ type: () => Geo }) geo?: Geo | null;
}

const money = {
  to: (value: Money | null) => value?.cents ?? null,
  from: (cents: number | null) => (cents === null ? null : new Money(cents)),
};
const lower = {
  to: (value: string | null) => value?.toLowerCase() ?? null,
  from: (value: string | null) => value,
};

/** What a class of rows is made of. */
export interface RowShape {
  readonly prefix: readonly string[];
  readonly mode: StorageMode;
  /** Each by the names of its properties. */
  readonly indexes: readonly (readonly string[])[];
  /** Whether the nested class has an index, too. */
  readonly hasNestedIndex: boolean;
  /** Whether rows can be deleted softly, in a class with scopes; and which of these apply by default. */
  readonly isSoft?: boolean;
  readonly byDefault?: readonly string[];
}

/** Makes a class with a field of every type. */
export function defineRow({
  prefix,
  mode,
  indexes,
  hasNestedIndex,
  isSoft = false,
  byDefault = [],
}: RowShape): EntityClass<Row> {
  class Rows {
    declare slug: string;
    ini?: string | null = 'new';
  }
  const address = hasNestedIndex ? IndexedAddress : Address;
  const decorators: Readonly<Record<string, unknown>> = {
    slug: Slug(),
    str: Field({ type: 'string', name: 'the_str' }),
    int: Field({ type: 'integer' }),
    flt: Field({ type: 'float' }),
    boo: Field({ type: 'boolean' }),
    dat: Field({ type: 'date' }),
    big: Field({ type: 'bigint' }),
    dec: Field({ type: 'decimal' }),
    byt: Field({ type: 'bytes' }),
    enu: Field({ enum: ['red', 'green', 'blue'] }),
    num: Field({ enum: [1, 2, 10] }),
    jsn: Field({ type: 'json' }),
    arr: Field({ type: 'string', array: true }),
    // Sets and counters are leaves that lie by themselves.
    lab: mode === 'flat' ? SetField('string') : Field({ type: 'string', array: true }),
    cnt: mode === 'flat' ? CounterField() : Field({ type: 'integer' }),
    mon: Field({ type: 'integer', transformer: money }),
    low: Field({ type: 'string', transformer: lower }),
    ini: Field({ type: 'string' }),
    adr: Field({ type: () => address }),
    ...(isSoft && { del: DeletedAtField({ name: 'gone' }) }),
  };
  for (const [name, decorate] of Object.entries(decorators)) {
    (decorate as PropertyDecorator)(Rows.prototype, name);
  }
  const own = indexes.filter((parts) => !hasNestedIndex || parts.join() !== 'adr.city');
  for (const properties of own) (Index(properties) as ClassDecorator)(Rows);
  const implied = isSoft ? { scopes: SCOPES, defaultScope: byDefault } : {};
  (DustEntity({ prefix: [...prefix], mode, ...implied }) as ClassDecorator)(Rows);
  return Rows as unknown as EntityClass<Row>;
}

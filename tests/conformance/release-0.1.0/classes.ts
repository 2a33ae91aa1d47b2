import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  FileField,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from 'dust-orm';
import type { DustFile } from 'dust-orm';

export class Address {
  @Field('string')
  city!: string;

  @Field('string')
  street?: string | null;
}

/** One field of each kind that release 0.1.0 has, each leaf by itself. */
@DustEntity({ prefix: ['shop', 'people'] })
export class Person {
  @Slug()
  id!: string;

  @Field('string', { required: true })
  name!: string;

  @Field('integer')
  age?: number | null;

  @Field('float')
  height?: number | null;

  @Field('boolean')
  active?: boolean | null;

  @Field('date')
  born?: Date | null;

  @Field('bigint')
  big?: bigint | null;

  @Field('decimal')
  price?: string | null;

  @Field('bytes')
  key?: Uint8Array | null;

  @Field('json')
  extra?: unknown;

  @Field('string', { array: true })
  tags?: string[] | null;

  @Field(() => Address)
  address?: Address | null;

  @CounterField()
  visits!: number;

  @SetField('string')
  labels!: string[];

  @FileField()
  photo?: DustFile;

  @CreatedAtField()
  createdAt!: Date;

  @UpdatedAtField()
  updatedAt!: Date;

  @VersionField()
  version!: number;
}

/** The same store in the other mode: a record is one map. */
@DustEntity({ prefix: ['shop', 'orders'], mode: 'map' })
export class Order {
  @Slug()
  id!: string;

  @Field('string', { required: true })
  state!: string;

  @Field('date')
  at?: Date | null;

  @Field('decimal')
  total?: string | null;

  @Field('json')
  lines?: unknown;

  @Field(() => Address)
  to?: Address | null;

  @VersionField()
  version!: number;
}

import type { DustFile } from 'dust-orm';
import {
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  Field,
  FileField,
  Index,
  SetField,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from 'dust-orm/es';

export class Address {
  @Field('string') street?: string | null;
  @Field('string', { required: true }) @Index() city!: string;
}

export abstract class Dated {
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
}

@DustEntity({
  prefix: ['reading', 'links'],
  name: 'Link',
  scopes: { open: { where: { state: 'open' } } },
  defaultScope: { order: { title: 'ASC' } },
})
@Unique(['tenant', 'title'])
@Index('newest', ['state', 'addedAt'])
export class Link extends Dated {
  @Slug() slug!: string;
  @Field('string', { required: true }) title!: string;
  @Field('string', { unique: true }) code?: string | null;
  @Field('string') @Index() tenant?: string | null;
  @Field('integer', { name: 'page_count' }) private pages?: number;
  @Field('date') accessor addedAt: Date | undefined;
  @Field({ enum: ['open', 'done'] }) state?: 'open' | 'done';
  @Field('string', { array: true, default: ['new'] }) labels?: string[];
  @Field(() => Address) address?: Address;
  @CounterField() likes!: number;
  @SetField('string') tags!: string[];
  @FileField() file?: DustFile | null;
  @VersionField() version?: number;
  @DeletedAtField({ name: 'gone' }) deletedAt?: Date | null;

  get size(): number {
    return this.pages ?? 0;
  }
}

/** It has no decorator of its own, so that it is no entity. */
export class Short extends Link {}

export class Wrong {
  // @ts-expect-error: a slug is a string
  @Slug() slug!: number;
  // @ts-expect-error: a counter is a number
  @CounterField() views!: string;
  // @ts-expect-error: a date is a Date
  @Field('date') at!: string;
  // @ts-expect-error: a list is a list
  @Field('string', { array: true }) tags!: string;
  // @ts-expect-error: no compiler records the type
  @Field() title!: string;
  // @ts-expect-error: no compiler records the type
  @Field({ required: true }) note!: string;
}

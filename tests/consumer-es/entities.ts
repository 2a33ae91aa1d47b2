import type { DustFile, StandardSchema } from 'dust-orm';
import {
  AfterLoad,
  BeforeInsert,
  BeforeUpdate,
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  Field,
  FileField,
  Index,
  Ref,
  SetField,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from 'dust-orm/es';

/** As the schemas of libraries are, without one. */
const notBlank: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'twins',
    validate: (value) => (value === ' ' ? { issues: [{ message: 'is blank' }] } : { value }),
  },
};

export class Address {
  @Field('string') street?: string | null;
  @Field('string', { required: true, schema: notBlank }) @Index() city!: string;
}

export abstract class Dated {
  @BeforeInsert() @BeforeUpdate() check(): void {
    // A class that extends it has more to say.
  }

  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
}

@DustEntity({
  prefix: ['reading', 'links'],
  name: 'Link',
  schema: notBlank,
  scopes: { open: { where: { state: 'open' } } },
  defaultScope: { order: { title: 'ASC' } },
})
@Unique(['tenant', 'title'])
@Index('newest', ['state', 'addedAt'])
export class Link extends Dated {
  @Slug({ generated: 'ulid' }) slug!: string;
  @Field('string', { required: true, schema: notBlank }) title!: string;
  @Field('string', { update: false }) origin?: string;
  @Field('string', { unique: true }) code?: string | null;
  @Field('string') @Index() tenant?: string | null;
  @Field('integer', { name: 'page_count' }) private pages?: number;
  @Field('date') accessor addedAt: Date | undefined;
  @Field({ enum: ['open', 'done'] }) state?: 'open' | 'done';
  @Field('string', { array: true, default: ['new'] }) labels?: string[];
  @Field(() => Address) address?: Address;
  @Ref(() => Link, { index: true }) parentId?: string | null;
  parent?: Link | null;
  @Ref(() => [Link], { as: 'others' }) elsewhere?: string[];
  others?: Link[];
  @CounterField() likes!: number;
  @SetField('string') tags!: string[];
  @FileField() file?: DustFile | null;
  @VersionField() version?: number;
  @DeletedAtField({ name: 'gone' }) deletedAt?: Date | null;

  @BeforeInsert() override check(): void {
    this.origin ??= 'here';
  }

  @AfterLoad() show(): void {
    this.labels ??= [];
  }

  get size(): number {
    return this.pages ?? 0;
  }
}

/** It has no decorator of its own, so that it is no entity. */
export class Short extends Link {}

export class Wrong {
  // @ts-expect-error: a slug is a string
  @Slug() slug!: number;
  // @ts-expect-error: the slug of another record is a string
  @Ref(() => Link) linkId!: number;
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

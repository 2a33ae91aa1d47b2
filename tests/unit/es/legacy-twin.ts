import type { DustFile, StandardSchema } from '../../../src/index.js';
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
} from '../../../src/index.js';

/** As the schemas of libraries are, without one. */
const notBlank: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'twins',
    validate: (value) => (value === ' ' ? { issues: [{ message: 'is blank' }] } : { value }),
  },
};

class Address {
  @Field('string') street?: string | null;
  @Field('string', { required: true, schema: notBlank }) @Index() city!: string;
}

abstract class Dated {
  @BeforeInsert() @BeforeUpdate() check(): void {
    // A class that extends it has more to say.
  }

  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
}

/** What tests/consumer-es/entities.ts says, with the decorators that TypeScript had first. */
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
  // The decorators of accessors come before those of fields.
  @Field('date') addedAt: Date | undefined;
  @Slug({ generated: 'ulid' }) slug!: string;
  @Field('string', { required: true, schema: notBlank }) title!: string;
  @Field('string', { update: false }) origin?: string;
  @Field('string', { unique: true }) code?: string | null;
  @Field('string') @Index() tenant?: string | null;
  @Field('integer', { name: 'page_count' }) pages?: number;
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
}

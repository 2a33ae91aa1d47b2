import type { DustFile } from '../../../src/index.js';
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
} from '../../../src/index.js';

class Address {
  @Field('string') street?: string | null;
  @Field('string', { required: true }) @Index() city!: string;
}

abstract class Dated {
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
}

/** What tests/consumer-es/entities.ts says, with the decorators that TypeScript had first. */
@DustEntity({
  prefix: ['reading', 'links'],
  name: 'Link',
  scopes: { open: { where: { state: 'open' } } },
  defaultScope: { order: { title: 'ASC' } },
})
@Unique(['tenant', 'title'])
@Index('newest', ['state', 'addedAt'])
export class Link extends Dated {
  // The decorators of accessors come before those of fields.
  @Field('date') addedAt: Date | undefined;
  @Slug() slug!: string;
  @Field('string', { required: true }) title!: string;
  @Field('string', { unique: true }) code?: string | null;
  @Field('string') @Index() tenant?: string | null;
  @Field('integer', { name: 'page_count' }) pages?: number;
  @Field({ enum: ['open', 'done'] }) state?: 'open' | 'done';
  @Field('string', { array: true, default: ['new'] }) labels?: string[];
  @Field(() => Address) address?: Address;
  @CounterField() likes!: number;
  @SetField('string') tags!: string[];
  @FileField() file?: DustFile | null;
  @VersionField() version?: number;
  @DeletedAtField({ name: 'gone' }) deletedAt?: Date | null;
}

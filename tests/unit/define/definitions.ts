import { IsOptional, IsUrl, Length } from 'class-validator';
import { z } from 'zod';
import type { DustFile, ValueTransformer } from '../../../src/index.js';
import {
  counterField,
  CounterField,
  createdAtField,
  deletedAtField,
  CreatedAtField,
  DeletedAtField,
  defineEntity,
  defineNested,
  DustEntity,
  enumField,
  field,
  Field,
  fileField,
  FileField,
  Index,
  jsonField,
  nested,
  ref,
  Ref,
  setField,
  SetField,
  slug,
  Slug,
  Unique,
  updatedAtField,
  UpdatedAtField,
  versionField,
  VersionField,
} from '../../../src/index.js';

export enum Level {
  Low = 1,
  High = 2,
}

export const upperCase: ValueTransformer<string, string> = {
  to: (value) => value.toUpperCase(),
  from: (value) => value.toLowerCase(),
};

const title = z.string().max(200);
const known = z.object({ title: z.string().startsWith('') });

const newLabels = (): string[] => ['new'];

@DustEntity('shelves')
export class Shelf {
  @Slug() id!: string;
  @Field('string') place?: string | null;
}

class DecoratedAddress {
  @Field('string') street?: string | null;
  @Field('string', { required: true, schema: title }) @Index() @Length(1, 40) city!: string;
}

/** A class of decorators with everything that a class can declare. */
export function decorated(prefix: string[]) {
  @DustEntity({
    prefix,
    name: 'Link',
    schema: known,
    scopes: { open: { where: { state: 'open' } }, newest: { order: { addedAt: 'DESC' } } },
    defaultScope: 'newest',
  })
  @Unique(['tenant', 'title'])
  @Index('newest', ['state', 'addedAt'])
  class Link {
    @Slug({ generated: 'uuidv7' }) slug!: string;
    @Field('string', { required: true, schema: title }) @Length(1, 200) title!: string;
    @Field('string') @IsOptional() @IsUrl() url?: string | null;
    @Field('string', { unique: true }) code?: string | null;
    @Field('string') @Index() tenant?: string | null;
    @Field('integer', { name: 'page_count', nullable: false }) pages?: number;
    @Field('float') weight?: number | null;
    @Field('boolean') read?: boolean | null;
    @Field('date') addedAt?: Date | null;
    @Field('bigint') size?: bigint | null;
    @Field('decimal') price?: string | null;
    @Field('bytes') icon?: Uint8Array | null;
    @Field('json') meta?: { place: string } | null;
    @Field({ enum: Level }) level?: Level | null;
    @Field({ enum: ['open', 'done'] }) state?: 'open' | 'done' | null;
    @Field('string', { array: true, default: newLabels }) labels?: string[] | null;
    @Field('string', { default: 'en', select: false }) language?: string | null;
    @Field('string', { update: false }) origin?: string | null;
    @Field('string', { insert: false }) note?: string | null;
    @Field('string', { transformer: upperCase }) shouted?: string | null;
    @Field(() => DecoratedAddress) address?: DecoratedAddress | null;
    @Field(() => DecoratedAddress, { array: true }) addresses?: DecoratedAddress[] | null;
    @Ref(() => Shelf, { index: true, name: 'shelf' }) shelfId?: string | null;
    shelf?: Shelf | null;
    @Ref(() => [Shelf], { as: 'others', nullable: false }) elsewhere?: string[];
    others?: Shelf[];
    @CounterField() likes!: number;
    @SetField('string') tags!: string[];
    @FileField() file?: DustFile | null;
    @VersionField() version?: number;
    @CreatedAtField() createdAt?: Date;
    @UpdatedAtField({ name: 'changed' }) updatedAt?: Date;
    @DeletedAtField({ name: 'gone' }) deletedAt?: Date | null;
  }
  return { Link, Address: DecoratedAddress };
}

const DefinedAddress = defineNested(
  {
    street: field('string'),
    city: field('string', { required: true, schema: title, index: true, rules: [Length(1, 40)] }),
  },
  { name: 'DecoratedAddress' },
);

/** The same without decorators. */
export function defined(prefix: string[]) {
  const Link = defineEntity(
    prefix,
    {
      slug: slug({ generated: 'uuidv7' }),
      title: field('string', { required: true, schema: title, rules: [Length(1, 200)] }),
      url: field('string', { rules: [IsOptional(), IsUrl()] }),
      code: field('string', { unique: true }),
      tenant: field('string', { index: true }),
      pages: field('integer', { name: 'page_count', nullable: false }),
      weight: field('float'),
      read: field('boolean'),
      addedAt: field('date'),
      size: field('bigint'),
      price: field('decimal'),
      icon: field('bytes'),
      meta: jsonField<{ place: string }>(),
      level: enumField(Level),
      state: enumField(['open', 'done']),
      labels: field('string', { array: true, default: newLabels }),
      language: field('string', { default: 'en', select: false }),
      origin: field('string', { update: false }),
      note: field('string', { insert: false }),
      shouted: field('string', { transformer: upperCase }),
      address: nested(() => DefinedAddress),
      addresses: nested(() => DefinedAddress, { array: true }),
      shelfId: ref(() => Shelf, { index: true, name: 'shelf' }),
      elsewhere: ref(() => [Shelf], { as: 'others', nullable: false }),
      likes: counterField(),
      tags: setField('string'),
      file: fileField(),
      version: versionField(),
      createdAt: createdAtField(),
      updatedAt: updatedAtField({ name: 'changed' }),
      deletedAt: deletedAtField({ name: 'gone' }),
    },
    {
      name: 'Link',
      scopes: { open: { where: { state: 'open' } }, newest: { order: { addedAt: 'DESC' } } },
      defaultScope: 'newest',
      schema: known,
      indexes: [
        { name: 'newest', properties: ['state', 'addedAt'] },
        { properties: ['tenant', 'title'], unique: true },
      ],
    },
  );
  return { Link, Address: DefinedAddress };
}

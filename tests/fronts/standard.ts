// By standard decorators, with schemas of zod.
import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  Index,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from 'dust-orm/es';
import { z } from 'zod';

export class Place {
  @Field('string', { schema: z.string().max(40).optional() }) street?: string;
  @Field('string', { required: true, schema: z.string().min(2).max(40) }) city!: string;
}

@DustEntity({ prefix: ['fronts', 'links'], name: 'Link' })
@Index(['state', 'pages'])
export class Link {
  @Slug() slug!: string;
  @Field('string', { required: true, schema: z.string().min(1).max(20) }) title!: string;
  @Field('string', { required: true, schema: z.url() }) url!: string;
  @Field({ enum: ['open', 'done'], default: 'open' }) state!: 'open' | 'done';
  @Field('integer') pages?: number;
  @Field(() => Place) place?: Place;
  @CounterField() visits!: number;
  @SetField('string') tags!: string[];
  @VersionField() version?: number;
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;

  get label(): string {
    return `${this.title} (${this.visits})`;
  }
}

import { IsIn, IsOptional, Matches } from 'class-validator';
import { CounterField, DustEntity, Field, Index, Slug } from 'dust-orm';

/** A media type as `mime-db` lists it. Its slug is its name, such as `image/svg+xml`. */
@DustEntity({ prefix: ['media', 'types'] })
@Index(['family', 'source'])
export class MediaType {
  @Slug()
  name!: string;

  /** The part before the slash. */
  @Field({ required: true })
  @Matches(/^[a-z-]+$/)
  family!: string;

  @Field('string')
  @IsOptional()
  @IsIn(['iana', 'apache', 'nginx'])
  source?: string | null;

  @Field()
  charset?: string;

  @Field()
  compressible?: boolean;

  @Field('string', { array: true })
  extensions?: string[];

  @Field('string')
  note?: string | null;

  @CounterField()
  lookups!: number;
}

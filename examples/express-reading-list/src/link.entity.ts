import { IsOptional, IsUrl, Length, Matches, MaxLength, NotEquals } from 'class-validator';
import { CounterField, CreatedAtField, DustEntity, Field, Slug, VersionField } from 'dust-orm';

/** Something to read. Its rules hold for every write, whoever makes it. */
@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug()
  @Length(1, 80)
  @Matches(/^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u, {
    message: 'slug must consist of letters and digits, with single hyphens between them',
  })
  @NotEquals('events', { message: 'slug must not be "events", where the changes are told' })
  slug!: string;

  @Field({ required: true })
  @Length(1, 200)
  title!: string;

  /** The page shows it as a link, so it may be nothing but a web address. */
  @Field({ required: true })
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(2000)
  url!: string;

  @Field('string')
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;

  @CreatedAtField()
  addedAt!: Date;

  /** How often somebody followed the link; counts right however many count at once. */
  @CounterField()
  views!: number;

  /** Not stored: the record's revision, which its ETag is made of. */
  @VersionField()
  revision!: number;
}

import { IsOptional, IsUrl, Length, MaxLength } from 'class-validator';
import { CounterField, CreatedAtField, DustEntity, Field, Slug } from 'dust-orm';

/** Something to read. Its rules hold for every write, whoever makes it. */
@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug()
  slug!: string;

  @Field({ required: true })
  @Length(1, 200)
  title!: string;

  @Field({ required: true })
  @IsUrl()
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
}

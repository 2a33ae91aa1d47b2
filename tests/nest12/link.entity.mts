import { IsUrl, Length } from 'class-validator';
import { DustEntity, Field, Slug } from 'dust-orm';

@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug() slug!: string;
  @Field({ required: true }) @Length(1, 200) title!: string;
  @Field({ required: true }) @IsUrl() url!: string;
}

// By the decorators that TypeScript had first, with rules of class-validator.
import { IsOptional, IsUrl, Length, MaxLength, ValidateNested } from 'class-validator';
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
} from 'dust-orm';

export class Place {
  @Field() @IsOptional() @MaxLength(40) street?: string;
  @Field({ required: true }) @Length(2, 40) city!: string;
}

@DustEntity({ prefix: ['fronts', 'links'], name: 'Link' })
@Index(['state', 'pages'])
export class Link {
  @Slug() slug!: string;
  @Field({ required: true }) @Length(1, 20) title!: string;
  @Field({ required: true }) @IsUrl() url!: string;
  @Field({ enum: ['open', 'done'], default: 'open' }) state!: 'open' | 'done';
  @Field('integer') pages?: number;
  @Field(() => Place) @IsOptional() @ValidateNested() place?: Place;
  @CounterField() visits!: number;
  @SetField('string') tags!: string[];
  @VersionField() version?: number;
  @CreatedAtField() createdAt?: Date;
  @UpdatedAtField() updatedAt?: Date;

  get label(): string {
    return `${this.title} (${this.visits})`;
  }
}

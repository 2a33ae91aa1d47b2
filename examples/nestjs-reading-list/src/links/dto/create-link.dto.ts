import { IsOptional, IsString, IsUrl, Length, Matches, MaxLength } from 'class-validator';

/** The body of `POST /links`. */
export class CreateLinkDto {
  /** The link's name in addresses. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,63}$/, {
    message: 'slug must be up to 64 lower-case letters, digits and hyphens',
  })
  slug!: string;

  @IsString()
  @Length(1, 200)
  title!: string;

  @IsUrl()
  url!: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

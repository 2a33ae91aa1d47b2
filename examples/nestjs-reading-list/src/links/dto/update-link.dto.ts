import { IsOptional, IsString, IsUrl, Length, MaxLength, ValidateIf } from 'class-validator';

/** The body of `PATCH /links/:slug`: what is left out stays as it is; a note of null is removed. */
export class UpdateLinkDto {
  @ValidateIf((_dto, title) => title !== undefined)
  @IsString()
  @Length(1, 200)
  title?: string;

  @ValidateIf((_dto, url) => url !== undefined)
  @IsUrl()
  url?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

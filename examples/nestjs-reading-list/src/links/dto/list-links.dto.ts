import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** The query of `GET /links`. */
export class ListLinksDto {
  /** Words of the title, in any case. */
  @IsOptional()
  @IsString()
  search?: string;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  skip = 0;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  take = 20;
}

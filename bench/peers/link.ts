import { IsBoolean, IsDate, IsInt, IsOptional, IsUrl, Length, Max, Min } from 'class-validator';
import { DustEntity, Field, Index, Slug } from 'dust-orm';

/** The record of all rivals, which have classes of their own below this one, and its rules. What is ours here is nothing to them. */
export class Rules {
  @Slug()
  @Length(1, 40)
  slug!: string;

  @Field('string', { required: true })
  @Length(1, 200)
  title!: string;

  @Field('string', { required: true })
  @Index()
  @IsUrl()
  url!: string;

  @Field('string')
  @IsOptional()
  @Length(1, 1000)
  note?: string | null;

  @Field('integer')
  @Index()
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  rank?: number | null;

  @Field('boolean')
  @IsOptional()
  @IsBoolean()
  read?: boolean | null;

  @Field('date', { required: true })
  @Index()
  @IsDate()
  addedAt!: Date;
}

/** What a record holds, whatever class it becomes one of. */
export type LinkValues = Pick<Rules, keyof Rules>;

/** Ours. The others have the same indexes. */
@DustEntity({ prefix: ['bench', 'peers'] })
export class OurLink extends Rules {}

const FIRST = Date.parse('2026-01-02T03:04:05.000Z');

/** The n-th slug. */
export function slugNumber(n: number): string {
  return `link-${n.toString().padStart(8, '0')}`;
}

/** The n-th address: one record has it. */
export function urlNumber(n: number): string {
  return `https://dustlayer.io/docs/${n}`;
}

/** What the n-th record holds. Neither the ranks nor the times go by n. */
export function valuesNumber(n: number): LinkValues {
  return {
    slug: slugNumber(n),
    title: `Link number ${n}`,
    url: urlNumber(n),
    note: 'worth reading',
    rank: (n * 7919) % 1_000,
    read: n % 2 === 0,
    addedAt: new Date(FIRST + ((n * 48_271) % 1_000_003) * 1_000),
  };
}

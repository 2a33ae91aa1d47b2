import { IsOptional, IsUrl, Length, Min } from 'class-validator';
import { DustEntity, Field, Slug } from 'dust-orm';

/** The record that most rows are about: six scalar fields and rules on some. */
@DustEntity({ prefix: ['bench', 'links'] })
export class Link {
  @Slug()
  slug!: string;

  @Field({ required: true })
  @Length(1, 200)
  title!: string;

  @Field({ required: true })
  @IsUrl()
  url!: string;

  @Field()
  note?: string;

  @Field({ type: 'integer' })
  @IsOptional()
  @Min(0)
  rank?: number;

  @Field()
  read?: boolean;

  @Field()
  addedAt?: Date;
}

const ADDED = new Date('2026-01-02T03:04:05.000Z');

/** The n-th record, always the same. */
export function linkNumber(n: number): Link {
  return Object.assign(new Link(), {
    slug: `link-${n.toString().padStart(7, '0')}`,
    title: `Link number ${n}`,
    url: 'https://dustlayer.io/docs',
    note: 'worth reading',
    rank: n % 100,
    read: n % 2 === 0,
    addedAt: ADDED,
  });
}

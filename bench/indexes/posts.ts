import { DustEntity, Field, Index, Slug } from 'dust-orm';

/** What all classes here have; each adds indexes of its own. */
class Post {
  @Slug()
  slug!: string;

  @Field('string', { required: true })
  title!: string;

  @Field('string')
  author!: string;

  @Field('integer')
  rank!: number;

  @Field('date')
  at!: Date;

  @Field('string')
  note!: string;
}

/** The class without an index. */
@DustEntity({ prefix: ['posts'] })
export class Bare extends Post {}

/** The same with one. */
@DustEntity({ prefix: ['posts'] })
@Index(['author'])
export class ByAuthor extends Post {}

/** The same with two. */
@DustEntity({ prefix: ['posts'] })
@Index(['author'])
@Index(['at'])
export class ByTwo extends Post {}

/** The same with three, one of them over two fields. */
@DustEntity({ prefix: ['posts'] })
@Index(['author'])
@Index(['at'])
@Index(['author', 'rank'])
export class ByThree extends Post {}

/** The classes by their number of indexes. */
export const CLASSES = [Bare, ByAuthor, ByTwo, ByThree] as const;

/** The n-th post. Neither authors nor times go by n. */
export function postNumber(n: number): Pick<Post, keyof Post> {
  return {
    slug: `p${n.toString().padStart(8, '0')}`,
    title: `Post number ${n}`,
    author: `author-${(n * 7919) % 5_000}`,
    rank: (n * 31) % 1_000,
    at: new Date(1_700_000_000_000 + ((n * 48_271) % 1_000_003) * 1_000),
    note: 'worth reading',
  };
}

import { Field } from 'dust-orm';

export type Role = 'writer' | 'editor';

export class Author {
  static readonly known = new Map<string, Author>();
  readonly #made = Date.now();
  @Field({ required: true }) name!: string;

  get made(): number {
    return this.#made;
  }
}

import { IsUrl, Length } from 'class-validator';
import type { DustFile } from '../../src/index.js';
import { CounterField, DustEntity, Field, FileField, SetField, Slug } from '../../src/index.js';
import type { StorageMode } from '../../src/metadata/types.js';

export const MODES: readonly StorageMode[] = ['flat', 'map'];

/** A class of its own for each test, so that tests share a store and never records. */
export function defineLink(prefix: string[], mode: StorageMode = 'flat') {
  @DustEntity({ prefix, mode })
  class Link {
    @Slug() slug!: string;
    @Field({ required: true }) @Length(1, 200) title!: string;
    @Field({ required: true }) @IsUrl() url!: string;
    @Field({ type: 'string' }) note?: string | null | undefined;
    @Field({ type: 'integer' }) rank?: number | null | undefined;
    @Field() addedAt?: Date;
    @Field({ type: 'json' }) meta?: unknown;
  }
  return Link;
}

export type Link = InstanceType<ReturnType<typeof defineLink>>;

/** A valid link but for what is overridden. */
export function link(slug: string, overrides: Partial<Link> = {}): Partial<Link> {
  return { slug, title: `Title of ${slug}`, url: 'https://example.com/', ...overrides };
}

/** One number, one text: for tests of reading. */
export function defineItem(prefix: string[], mode: StorageMode = 'flat') {
  @DustEntity({ prefix, mode })
  class Item {
    @Slug() slug!: string;
    @Field({ type: 'integer', required: true }) rank!: number;
    @Field({ type: 'string' }) name?: string | null;
    @Field() day?: Date;
    @Field({ type: 'string', array: true }) tags?: string[];
  }
  return Item;
}

export type Item = InstanceType<ReturnType<typeof defineItem>>;

/** The least a record can be. */
export function defineNote(prefix: string[], mode: StorageMode = 'flat') {
  @DustEntity({ prefix, mode })
  class Note {
    @Slug() slug!: string;
    @Field() text?: string;
  }
  return Note;
}

export type Note = InstanceType<ReturnType<typeof defineNote>>;

/** Fields that change through operations of their own. */
export function definePage(prefix: string[], mode: StorageMode = 'flat') {
  @DustEntity({ prefix, mode })
  class Page {
    @Slug() slug!: string;
    @Field() title?: string;
    @CounterField() views!: number;
    @SetField() tags!: string[];
    @FileField() file?: DustFile;
  }
  return Page;
}

export type Page = InstanceType<ReturnType<typeof definePage>>;

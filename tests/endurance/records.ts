import type { DustFile } from '../../src/index.js';
import {
  CounterField,
  DeletedAtField,
  DustEntity,
  Field,
  FileField,
  Ref,
  SetField,
  Slug,
  VersionField,
} from '../../src/index.js';

/** Records that are there all the time. */
@DustEntity('notes')
export class Note {
  @Slug() id!: string;
  @Field({ required: true }) text!: string;
  @Field('integer') rank?: number;
  @CounterField() views!: number;
  @SetField() tags!: string[];
  @FileField() file?: DustFile;
  @VersionField() revision!: number;
  @Ref(() => Note) aboveId?: string | null;
  above?: Note | null;
}

/** Records that come and go. */
@DustEntity('scraps')
export class Scrap {
  @Slug() id!: string;
  @Field() text?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

/** The entity is the whole of a class: `clear` leaves nothing of it, so nobody else has it. */
@DustEntity('rubbish')
export class Rubbish {
  @Slug() id!: string;
  @Field() text?: string;
}

export const ENTITIES = [Note, Scrap, Rubbish];

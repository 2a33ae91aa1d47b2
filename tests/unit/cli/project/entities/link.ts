import { IsUrl, Length } from 'class-validator';
import { DustEntity, Field, Slug } from 'dust-orm';
import { Author, type Role } from './author.js';

export enum Kind {
  page = 'page',
  paper = 'paper',
}

/** The properties in the order their decorators were called in. */
export const order: string[] = [];

function noted(target: object, property: string): void {
  order.push(property);
}

@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @noted @Slug() slug!: string;
  @noted @Field({ required: true }) @Length(1, 200) title!: string;
  @noted @Field({ required: true }) @IsUrl() url!: string;
  @noted @Field() addedAt?: Date;
  @noted @Field({ enum: Kind }) kind: Kind = Kind.paper;
  @noted @Field() author?: Author;
  @noted @Field('string') note?: string | null;
  @noted @Field({ type: 'string', array: true }) declare tags?: string[];
  @Field() order: string = order.join();
  role?: Role;

  constructor(private readonly origin?: string) {}

  from(): string | undefined {
    return this.origin;
  }
}

import 'reflect-metadata';
import { DustEntity, Field, Slug } from '../../../src/decorators/index.js';
import { buildEntityMetadata } from '../../../src/metadata/build-entity-metadata.js';

export class Geo {
  @Field('float') lat!: number;
  @Field({ type: 'float', name: 'lng' }) lon?: number | null;
}

export class Address {
  @Field('string') city!: string;
  @Field({ type: 'string', name: 'post/code' }) zip?: string | null;
  @Field('date') since?: Date;
  @Field({ type: 'string', array: true }) lines?: string[];
  @Field({ type: () => Geo }) geo?: Geo | null;
}

/** A class without `@Field`: class-transformer maps it. */
export class Badge {
  label!: string;
}

/** Contains itself. */
export class Kin {
  @Field('string') name?: string;
  @Field({ type: () => Kin }) next?: Kin;
}

@DustEntity('people')
export class Person {
  @Slug() id!: string;
  @Field('string') name?: string;
  @Field({ type: () => Address }) address?: Address | null;
  @Field({ type: () => Address, array: true }) former?: Address[];
  @Field({ type: () => Badge }) badge?: Badge;
  @Field({ type: 'json' }) meta?: unknown;
  @Field({ type: () => Kin }) kin?: Kin;
}

export const personMetadata = buildEntityMetadata(Person);

export function address(properties: Partial<Address>): Address {
  return Object.assign(new Address(), properties);
}

export function person(properties: Partial<Person>): Person {
  return Object.assign(new Person(), { id: 'x' }, properties);
}

import { CounterField, DustEntity, Field, SetField, Slug } from 'dust-orm';

/** The record of the long run. */
@DustEntity('soaked')
export class Soaked {
  @Slug() id!: string;
  @Field({ type: 'string', required: true }) text!: string;
  @CounterField() count?: number;
  @SetField({ type: 'string' }) marks?: string[];
}

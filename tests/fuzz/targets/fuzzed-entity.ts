import { CounterField, DustEntity, Field, SetField, Slug } from '../../../src/index.js';

/** One property of each type that JSON can say something about. */
@DustEntity('fuzzed')
export class Fuzzed {
  @Slug() id!: string;
  @Field({ type: 'string', nullable: true }) name?: string | null;
  @Field({ type: 'integer' }) count?: number;
  @Field({ type: 'float' }) size?: number;
  @Field({ type: 'boolean' }) done?: boolean;
  @Field({ type: 'date' }) at?: Date;
  @Field({ type: 'json' }) meta?: unknown;
  @Field({ type: 'decimal' }) price?: string;
  @Field({ type: 'enum', enum: ['red', 'green'] }) colour?: string;
  @Field({ type: 'string', array: true }) tags?: string[];
  @SetField({ type: 'string' }) marks?: string[];
  @CounterField() views?: number;
}

/** Records to be found, none with what another has. */
export const RECORDS: readonly Partial<Fuzzed>[] = [
  {
    id: 'a',
    name: 'first',
    count: 1,
    size: 0.5,
    done: true,
    meta: { a: 1 },
    price: '1.50',
    tags: ['x', 'y'],
  },
  { id: 'b/c', name: null, count: -1, size: 1e21, done: false, meta: [1, null], colour: 'red', marks: ['m'] },
  { id: '__proto__', name: '', count: 0, size: 0, at: new Date(0), meta: 'text', tags: [] },
  { id: 'é😀', name: '%', count: 2 ** 53 - 1, meta: { _type: 'json' }, colour: 'green', marks: [] },
];

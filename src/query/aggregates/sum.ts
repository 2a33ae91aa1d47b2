import { notSummable } from '../values/errors.js';
import type { Property } from '../values/property.js';
import { isNull } from '../values/values.js';
import { DecimalSum } from './decimal-sum.js';
import { NumberSum } from './number-sum.js';

/** A sum, of the type of its values: a number, a bigint, or decimal text. */
export type SumValue = number | bigint | string;

/** Sums the values of one property: numbers, bigints or decimals, all of one type. Null counts as nothing. */
export class PropertySum {
  readonly #property: Property;
  readonly #numbers = new NumberSum();
  readonly #decimals = new DecimalSum();
  #bigints = 0n;
  #type: 'number' | 'bigint' | 'string' | undefined;
  #count = 0;

  constructor(property: Property) {
    this.#property = property;
  }

  /** @throws DustError `invalid_criteria` for a value that is no number, or of another type than those before */
  add(value: unknown): void {
    if (isNull(value)) return;
    this.#type ??= this.#typeOf(value);
    if (typeof value !== this.#type || !this.#addOne(value)) throw notSummable(this.#property, value);
    this.#count++;
  }

  /** The sum; null when nothing was added. */
  get sum(): SumValue | null {
    switch (this.#type) {
      case 'number':
        return this.#numbers.value;
      case 'bigint':
        return this.#bigints;
      case 'string':
        return this.#decimals.toString();
      default:
        return null;
    }
  }

  /** The sum divided by the number of values, as the nearest number or one beside it; null when nothing was added. */
  get average(): number | null {
    const { sum } = this;
    if (sum === null) return null;
    if (typeof sum !== 'bigint') return Number(sum) / this.#count;
    const count = BigInt(this.#count);
    return Number(sum / count) + Number(sum % count) / this.#count;
  }

  #typeOf(value: unknown): 'number' | 'bigint' | 'string' {
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') {
      return typeof value as 'number' | 'bigint' | 'string';
    }
    throw notSummable(this.#property, value);
  }

  #addOne(value: unknown): boolean {
    if (typeof value === 'string') return this.#decimals.add(value);
    if (typeof value === 'bigint') this.#bigints += value;
    else this.#numbers.add(Number(value));
    return true;
  }
}

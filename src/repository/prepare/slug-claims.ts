import type { EntityContext } from '../entity-context.js';
import { duplicateInCall } from './record-errors.js';

/** The records that one call was given, each of which it may be given once. */
export class SlugClaims {
  readonly #method: string;
  readonly #positions = new Map<object, Map<string, number>>();

  constructor(method: string) {
    this.#method = method;
  }

  /** @throws DustError `invalid_value`, detail `duplicate_slug`, when another one has the slug */
  claim<T extends object>(context: EntityContext<T>, slug: string, index: number): void {
    const positions = this.#positions.get(context) ?? new Map<string, number>();
    this.#positions.set(context, positions);
    const first = positions.get(slug);
    if (first !== undefined) throw duplicateInCall(context.metadata, slug, { first, method: this.#method });
    positions.set(slug, index);
  }
}

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import { messageOf } from '../../../src/errors.js';
import { Fault, shown } from './fault.js';

/** Attempts to make an input smaller that broke a promise. */
const MOST_ATTEMPTS = 400;

/** An input that broke a promise, made small. */
export interface FoundInput<Input> {
  readonly fault: string;
  readonly index: number;
  readonly input: Input;
}

/** Draws inputs from a seed until one fails `check`, and makes that one as small as it can. */
export async function findOneOf<Input>(
  inputs: Arbitrary<Input>,
  check: (input: Input) => Promise<void>,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<FoundInput<Input> | undefined> {
  let tried = 0;
  let failedAt: number | undefined;
  const property = fc.asyncProperty(inputs, async (input) => {
    tried++;
    if (failedAt !== undefined && tried - failedAt > MOST_ATTEMPTS) return;
    try {
      await check(input);
    } catch (error) {
      failedAt ??= tried;
      throw error;
    }
  });
  const details = await fc.check(property, { seed, numRuns: count });
  if (details.counterexample === null) return undefined;
  const [input] = details.counterexample;
  const { errorInstance } = details;
  const fault = errorInstance instanceof Fault ? messageOf(errorInstance) : `threw ${shown(errorInstance)}`;
  return { fault, index: failedAt ?? 0, input };
}

import { isDustError } from '../../../src/errors.js';
import { Fault, shown } from './fault.js';

/** What came of a call that may refuse: its value, or undefined for a `DustError`. @throws Fault for any other error */
export function outcomeOf<Value>(call: () => Value): { readonly value: Value } | undefined {
  try {
    return { value: call() };
  } catch (error) {
    return refusal(error);
  }
}

/** As {@link outcomeOf}, of a promise. */
export async function outcomeOfPromise<Value>(
  call: () => Promise<Value>,
): Promise<{ readonly value: Value } | undefined> {
  try {
    return { value: await call() };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): undefined {
  if (isDustError(error)) return undefined;
  if (error instanceof Fault) throw error;
  throw new Fault(`threw what is no DustError: ${shown(error)}`);
}

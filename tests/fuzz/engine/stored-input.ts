import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../../src/protocol/values/value.js';

/** An input in a file of the corpus, and what it once did. */
export interface StoredInput {
  readonly fault: string;
  readonly input: JsonValue;
}

/** @throws Error for a file that holds something else */
export function readStoredInput(file: string): StoredInput {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredInput>;
  if (typeof stored.fault !== 'string' || stored.input === undefined) {
    throw new Error(`${file} is not { "fault": …, "input": … }`);
  }
  return { fault: stored.fault, input: stored.input };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A body that was cut for size: its length and how it begins. */
export interface Brief {
  readonly brief: true;
  readonly chars: number;
  readonly head: string;
}

/** A request as it was recorded. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly token?: 'full' | 'none' | 'bad' | 'readonly' | 'other';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body as it was sent, when it was not JSON made of `body`. */
  readonly raw?: string;
}

/** An answer as it was recorded. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

export interface RecordedStep {
  readonly request: RecordedRequest | Brief;
  readonly response: RecordedResponse;
}

/** The steps of `recordings/<name>.json`, to be run in order on an empty store. */
export function recordedSteps(name: string): readonly RecordedStep[] {
  const file = join(__dirname, 'recordings', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { steps: RecordedStep[] }).steps;
}

export function isBrief(value: unknown): value is Brief {
  return typeof value === 'object' && value !== null && 'brief' in value;
}

const PLACEHOLDERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  $TEXT: (value) => typeof value === 'string' && value !== '',
  $UUID: (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value),
  $TIME: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  $EPOCH_MS: (value) => Number.isSafeInteger(value) && Number(value) > 1e12,
  $INT: (value) => Number.isSafeInteger(value),
};

/** Whether an answer is the recorded one, object key order aside; placeholders match any value of their kind. */
export function matchesRecorded(actual: unknown, recorded: unknown): boolean {
  if (typeof recorded === 'string' && Object.hasOwn(PLACEHOLDERS, recorded)) {
    return PLACEHOLDERS[recorded]!(actual);
  }
  if (isBrief(recorded)) {
    const text = JSON.stringify(actual);
    return text.length === recorded.chars && text.startsWith(recorded.head);
  }
  if (typeof recorded !== 'object' || recorded === null) return Object.is(actual, recorded);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(recorded)) {
    return false;
  }
  const keys = Object.keys(recorded);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every(
      (key) => Object.hasOwn(actual, key) && matchesRecorded((actual as any)[key], (recorded as any)[key]),
    )
  );
}

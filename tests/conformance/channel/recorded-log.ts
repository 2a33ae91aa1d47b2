import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../../../src/protocol/wire/frames.js';
import type { RecordedRequest, RecordedResponse } from '../recording.js';

/** How a client asked to be let in; null where it left something out. */
export type RecordedQuery = Readonly<Record<'token' | 'device_id' | 'capver' | 'vsn', string | null>>;

/**
 * One line of a recording; the README beside the recordings tells what they mean. `all-once` stands in no recording: all
 * events up to `last`, each once and in order, and `catch_up_complete` somewhere among them.
 */
export type RecordedEvent =
  | { at: 'open'; client: string; query: RecordedQuery; result: 'open' | { status: number } }
  | { at: 'out' | 'in'; client: string; frame: Frame }
  | { at: 'in-run'; client: string; count: number; first: number; last: number }
  | { at: 'all-once'; client: string; last: number }
  | { at: 'no-reply'; client: string; ref: string }
  | { at: 'http'; request: RecordedRequest; response: RecordedResponse }
  | { at: 'bulk'; set: number }
  | { at: 'compact' };

const FOLDER = join(__dirname, '..', 'recordings');

/** The names of the recordings of the channel. */
export const CHANNEL_RECORDINGS: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.startsWith('channel-'))
  .map((file) => file.replace(/\.json$/, ''));

/** The store that recordings are replayed on. */
export const STORE = 'acme/demo';

/** The lines of a recording, about {@link STORE}. */
export function recordedLog(name: string): readonly RecordedEvent[] {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8').replaceAll('$STORE', STORE);
  return (JSON.parse(text) as { log: RecordedEvent[] }).log;
}

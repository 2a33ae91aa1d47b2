import { types } from 'node:util';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';
import { bareValue } from './typed-envelope.js';

const EXPECTED = 'an ISO 8601 date';
const ISO_8601 = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
const TIME_WITHOUT_ZONE = /T[\d:.]+$/;

/** Dates as ISO 8601 strings in UTC. Reading takes other zones too; a time without a zone is UTC on every machine. */
export const dateCodec: Codec = {
  encode(value) {
    if (!types.isDate(value) || Number.isNaN(value.getTime())) {
      throw new CodecFault('a valid Date', describe(value));
    }
    return value.toISOString();
  },
  decode(stored) {
    const text = bareValue(stored, 'datetime');
    const date = typeof text === 'string' ? parseIso(text) : undefined;
    if (date === undefined || Number.isNaN(date.getTime())) throw new CodecFault(EXPECTED, describe(stored));
    return date;
  },
};

function parseIso(text: string): Date | undefined {
  if (!ISO_8601.test(text)) return undefined;
  return new Date(text.endsWith('Z') || !TIME_WITHOUT_ZONE.test(text) ? text : `${text}Z`);
}

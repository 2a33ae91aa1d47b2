import { types } from 'node:util';
import { storedTime } from '../../protocol/values/stored-values.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

const EXPECTED = 'an ISO 8601 date';

/** Dates as ISO 8601 strings in UTC. Reading takes other zones too; a time without a zone is UTC on every machine. */
export const dateCodec: Codec = {
  encode(value) {
    if (!types.isDate(value) || Number.isNaN(value.getTime())) {
      throw new CodecFault('a valid Date', describe(value));
    }
    return value.toISOString();
  },
  decode(stored) {
    const time = storedTime(stored);
    if (time === undefined) throw new CodecFault(EXPECTED, describe(stored));
    return new Date(time);
  },
};

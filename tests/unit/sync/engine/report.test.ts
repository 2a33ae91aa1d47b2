import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DustConnectionMessage } from '../../../../src/diagnostics/index.js';
import { CONNECTION_CHANNEL } from '../../../../src/diagnostics/index.js';
import type { Logger } from '../../../../src/logging.js';
import type { ConnectionChange } from '../../../../src/sync/engine-report.js';
import { EngineReport } from '../../../../src/sync/engine-report.js';

/** Notes the level of each line. */
function levels() {
  const lines: [level: string, text: string][] = [];
  const at = (level: string) => (text: string) => void lines.push([level, text]);
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, report: new EngineReport({ store: 'acme/reading', logger }) };
}

const change = (
  state: ConnectionChange['state'],
  previous: ConnectionChange['state'],
  more: Partial<ConnectionChange> = {},
): ConnectionChange => ({ state, previous, storeSeq: 7, reason: undefined, delay: undefined, ...more });

describe('the log of an engine', () => {
  it.each([
    ['debug', change('connecting', 'connecting'), 'is connecting'],
    ['debug', change('joining', 'connecting'), 'is joining'],
    ['debug', change('catchingUp', 'joining'), 'is catchingUp'],
    ['info', change('live', 'catchingUp'), 'is connected, and its mirror holds everything up to 7'],
    ['debug', change('live', 'repairing'), 'is connected, and its mirror holds everything up to 7'],
    ['debug', change('repairing', 'live'), 'is repairing'],
    ['info', change('reconnecting', 'live'), 'has lost its connection (no reason given)'],
    [
      'info',
      change('reconnecting', 'joining', { reason: 'socket closed', delay: 250.4 }),
      'has lost its connection (socket closed), the next attempt is in 250 ms',
    ],
    ['info', change('closed', 'live'), 'is closed'],
  ] as const)('tells at the level %s that %j', (level, state, words) => {
    const { lines, report } = levels();
    report.connection(state);
    expect(lines).toEqual([[level, `the channel of the store acme/reading ${words}`]]);
  });

  it.each([
    [
      'info',
      { kind: 'gap_found', storeSeq: 7 },
      'operation 8 of the store acme/reading is missing and is being fetched',
    ],
    [
      'info',
      { kind: 'gap_filled', storeSeq: 7 },
      'the hole in the operations of the store acme/reading is filled',
    ],
    ['warn', { kind: 'gap_left_open', storeSeq: 7, reason: 'r' }, 'was not filled, trying again: r'],
    [
      'info',
      { kind: 'behind_when_idle', storeSeq: 7, currentSeq: 9 },
      'did not come: the server stands at 9',
    ],
    [
      'warn',
      { kind: 'regression', storeSeq: 7, currentSeq: 3 },
      'moved backwards to 3, so the mirror begins again',
    ],
    ['debug', { kind: 'values_reread', storeSeq: 7, values: 2, outcome: 'read' }, 'were read again: 2'],
    [
      'warn',
      { kind: 'values_reread', storeSeq: 7, values: 2, outcome: 'outdated', reason: 'r' },
      'the mirror waits: r',
    ],
    [
      'debug',
      { kind: 'values_reread', storeSeq: 7, values: 2, outcome: 'failed', reason: 'r' },
      'the mirror waits: r',
    ],
  ] as const)('tells at the level %s of a repair: %j', (level, repair, words) => {
    const { lines, report } = levels();
    report.repair(repair as Parameters<typeof report.repair>[0]);
    expect(lines).toEqual([[level, expect.stringContaining(words)]]);
  });

  it('tells how many writes wait for a rate limit', () => {
    const { lines, report } = levels();
    report.rateLimited(3);
    report.rateLimited(1);
    const used = 'the rate limit of the token is used up';
    expect(lines).toEqual([
      ['warn', `${used}: 3 writes to the store acme/reading wait for their turn`],
      ['warn', `${used}: 1 write to the store acme/reading waits for its turn`],
    ]);
  });
});

it('each change of state is told on the channel of connections, as of one engine', () => {
  const told: DustConnectionMessage[] = [];
  const listener = (message: unknown): void => void told.push(message as DustConnectionMessage);
  const { report } = levels();
  const { report: other } = levels();
  subscribe(CONNECTION_CHANNEL, listener);
  report.connection(change('live', 'catchingUp'));
  report.connection(change('reconnecting', 'live', { reason: 'r', delay: 9 }));
  other.connection(change('closed', 'live'));
  unsubscribe(CONNECTION_CHANNEL, listener);
  const of = { store: 'acme/reading', origin: undefined, connection: told[0]?.connection };
  expect(told.slice(0, 2)).toEqual([
    { ...of, ...change('live', 'catchingUp') },
    { ...of, ...change('reconnecting', 'live', { reason: 'r', delay: 9 }) },
  ]);
  expect(told[2]).toMatchObject({ state: 'closed' });
  expect(told[2]?.connection).not.toBe(of.connection);
});

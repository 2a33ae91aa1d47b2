import { isDeepStrictEqual } from 'node:util';
import type { MigrationRecord, Recorded, WalkPlace } from '../../../src/migrations/state.js';
import { begun, failed, finished, isPending, stateOf, walked } from '../../../src/migrations/state.js';
import { recordIn, recordText } from '../../../src/migrations/record-text.js';

type Where = 'pending' | 'up' | 'down' | 'failed up' | 'failed down' | 'done';
type Step = 'begin up' | 'begin down' | 'walk' | 'finish' | 'fail';

const STEPS: readonly Step[] = ['begin up', 'begin down', 'walk', 'finish', 'fail'];

/** Where each step leads, as one would draw it; what is not here cannot be made. A process that dies changes nothing. */
const ARROWS: Readonly<Record<Where, Partial<Record<Step, Where>>>> = {
  pending: { 'begin up': 'up' },
  up: { 'begin up': 'up', 'begin down': 'down', walk: 'up', finish: 'done', fail: 'failed up' },
  down: { 'begin up': 'up', 'begin down': 'down', walk: 'down', finish: 'pending', fail: 'failed down' },
  'failed up': { 'begin up': 'up', 'begin down': 'down' },
  'failed down': { 'begin up': 'up', 'begin down': 'down' },
  done: { 'begin down': 'down' },
};

const PLACE: WalkPlace = { after: 'm', processed: 7, written: 3, done: false };

/** What is walked is forgotten when a migration turns round. */
interface Model {
  readonly where: Where;
  readonly walks: number;
  readonly attempts: number;
}

function modelled({ where, walks, attempts }: Model, step: Step): Model | undefined {
  const next = ARROWS[where][step];
  if (next === undefined) return undefined;
  if (next === 'pending') return { where: next, walks: 0, attempts: 0 };
  if (step === 'walk') return { where: next, walks: walks + 1, attempts };
  if (!step.startsWith('begin')) return { where: next, walks, attempts };
  const goesOn = where.endsWith(next) || (where === 'done' && next === 'up');
  return goesOn ? { where: next, walks, attempts: attempts + 1 } : { where: next, walks: 0, attempts: 1 };
}

let time = 0;

function made(record: Recorded, step: Step): Recorded {
  time += 1;
  switch (step) {
    case 'begin up':
    case 'begin down':
      return begun(record, step === 'begin up' ? 'up' : 'down', { now: time, run: `run ${time}` });
    case 'walk':
      return walked(record!, `walk ${Object.keys(record!.walks).length}`, PLACE);
    case 'finish':
      return finished(record!, time);
    case 'fail':
      return failed(record!, 'no luck', time);
  }
}

function whereOf(record: Recorded): Where {
  if (record === undefined) return 'pending';
  const { state, direction } = record;
  return state === 'done' ? 'done' : state === 'running' ? direction : `failed ${direction}`;
}

/** Every way of up to so many steps, and where the two do not agree. */
function disagreements(record: Recorded, model: Model, depth: number, way: readonly Step[]): string[] {
  if (depth === 0) return [];
  return STEPS.flatMap((step) => {
    const expected = modelled(model, step);
    const steps = [...way, step];
    let next: Recorded;
    try {
      next = made(record, step);
    } catch (error) {
      return expected === undefined && error instanceof TypeError ? [] : [`${steps.join(', ')}: ${error}`];
    }
    const found: Model = {
      where: whereOf(next),
      walks: Object.keys(next?.walks ?? {}).length,
      attempts: next?.attempts ?? 0,
    };
    if (expected === undefined || JSON.stringify(found) !== JSON.stringify(expected)) {
      return [`${steps.join(', ')}: ${JSON.stringify(found)} for ${JSON.stringify(expected)}`];
    }
    const stored = next && recordIn(recordText(next));
    if (!isDeepStrictEqual(stored, next)) return [`${steps.join(', ')}: not kept as it is`];
    return disagreements(stored, expected, depth - 1, steps);
  });
}

it('a migration goes the ways that are drawn, and no others, whatever comes first', () => {
  expect(disagreements(undefined, { where: 'pending', walks: 0, attempts: 0 }, 6, [])).toEqual([]);
});

it('is pending for up until it is done', () => {
  const running = begun(undefined, 'up', { now: 1, run: 'a' });
  expect([undefined, running, failed(running, '', 2), finished(running, 2)].map(isPending)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

it('is interrupted when it runs and nobody has the right to', () => {
  const running = begun(undefined, 'up', { now: 1, run: 'a' });
  expect(stateOf(running, true)).toBe('running');
  expect(stateOf(running, false)).toBe('interrupted');
  expect(stateOf(finished(running, 2), true)).toBe('done');
  expect(stateOf(undefined, true)).toBe('pending');
});

it('keeps no more of an error than is read', () => {
  const { error } = failed(begun(undefined, 'up', { now: 1, run: 'a' }), 'x'.repeat(5000), 2);
  expect(error).toHaveLength(1000);
});

it.each<[string, unknown]>([
  ['no text', 7],
  ['no JSON', '{'],
  ['no object', '[]'],
  ['another state', '{"state":"odd","direction":"up"}'],
  ['no direction', '{"state":"done"}'],
])('what is no record is none: %s', (_, value) => {
  expect(recordIn(value as never)).toBeUndefined();
});

it('of a record of another version what can be read is read', () => {
  const text = '{"state":"running","direction":"down","walks":{"links":7,"notes":{"after":"n"}},"more":1}';
  expect(recordIn(text)).toEqual<MigrationRecord>({
    state: 'running',
    direction: 'down',
    startedAt: 0,
    attempts: 1,
    run: '',
    walks: {
      links: { after: null, processed: 0, written: 0, done: false },
      notes: { after: 'n', processed: 0, written: 0, done: false },
    },
  });
});

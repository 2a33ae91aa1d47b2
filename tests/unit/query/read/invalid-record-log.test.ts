import { silentLogger } from '../../../../src/logging.js';
import type { RecordProblem } from '../../../../src/mapping/types.js';
import { InvalidRecordLog } from '../../../../src/query/read/invalid-record-log.js';
import { TestClock } from '../../../../src/testing/index.js';
import { thingMetadata } from '../metadata.js';

const problem = (slug: string, more: Partial<RecordProblem> = {}): RecordProblem => ({
  slug,
  missing: ['title'],
  unrecognised: [],
  malformed: [],
  ...more,
});

function setUp() {
  const warnings: string[] = [];
  const clock = new TestClock();
  const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
  const log = new InvalidRecordLog(thingMetadata(), logger, clock);
  for (const slug of ['a', 'b', 'c']) log.note(problem(slug));
  return { warnings, clock, log };
}

describe('warnings of records that cannot be read', () => {
  it('name three, and say of the others how many there were and why', async () => {
    const { warnings, clock, log } = setUp();
    expect(warnings.map((text) => text.slice(0, 10))).toEqual(['Thing "a" ', 'Thing "b" ', 'Thing "c" ']);
    log.note(problem('d'));
    log.note(
      problem('e', { missing: [], malformed: [{ field: 'count', reason: 'expected one, found "secret"' }] }),
    );
    log.note(problem('f', { upgrade: 'its upgrade to version 2 threw: no', missing: [] }));
    log.note(problem('g'));
    log.note(problem('g'));
    await clock.advance(9_999);
    expect(warnings).toHaveLength(3);
    await clock.advance(1);
    expect(warnings.slice(3)).toEqual([
      'Thing: 4 more of its records could not be read and were left out: 2 × missing title; 1 × malformed count; ' +
        '1 × its upgrade to version 2 threw: no. dust-orm doctor --config … --records looks at all of them.',
    ]);
  });

  it('come ever more rarely, and not at all where nothing is new', async () => {
    const { warnings, clock, log } = setUp();
    log.note(problem('d'));
    await clock.advance(10_000);
    log.note(problem('e'));
    await clock.advance(19_999);
    expect(warnings).toHaveLength(4);
    await clock.advance(1);
    expect(warnings).toHaveLength(5);
    log.note(problem('e'));
    await clock.advance(10_000_000);
    expect(warnings).toHaveLength(5);
  });

  it('tell twenty reasons apart, and count the others together', () => {
    const { warnings, log } = setUp();
    for (let i = 0; i < 30; i++) log.note(problem(`s${i}`, { missing: [`field${i}`] }));
    log.close();
    expect(warnings[3]).toContain('Thing: 30 more of its records');
    expect(warnings[3]).toContain(': 10 × other reasons; 1 × missing field0; ');
    expect(warnings[3]?.split('×')).toHaveLength(22);
  });

  it('wait for nothing once it is over', async () => {
    const { warnings, clock, log } = setUp();
    log.note(problem('d'));
    log.close();
    expect(warnings).toHaveLength(4);
    log.note(problem('e'));
    await clock.advance(100_000);
    expect(warnings).toHaveLength(4);
  });
});

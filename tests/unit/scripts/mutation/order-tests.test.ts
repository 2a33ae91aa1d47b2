import type { TestRecord } from '../../../../scripts/mutation/coverage.js';
import { orderTests } from '../../../../scripts/mutation/order-tests.js';

const record = (seconds: number, ...ran: string[]): TestRecord => ({ hash: '', passes: true, seconds, ran });

const COVERAGE = new Map([
  ['tests/faults/sync/simulation.test.ts', record(9, 'src/sync/intake/a.ts#1')],
  ['tests/contract/reads.test.ts', record(5, 'src/sync/intake/a.ts#1')],
  ['tests/unit/store/b.test.ts', record(1, 'src/sync/intake/a.ts#1')],
  ['tests/unit/sync/slow.test.ts', record(3, 'src/sync/intake/a.ts#1', 'src/sync/intake/a.ts#2')],
  ['tests/unit/sync/quick.test.ts', record(2, 'src/sync/intake/a.ts#1')],
  ['tests/unit/sync/intake/b.test.ts', record(4, 'src/sync/intake/a.ts#1')],
  ['tests/unit/sync/a-more.test.ts', record(7, 'src/sync/intake/a.ts#1')],
  ['tests/unit/sync/other.test.ts', record(1, 'src/sync/intake/a.ts#11', 'src/sync/intake/ba.ts#1')],
]);

describe('the tests for a mutant', () => {
  it('are those that run its region: those of its name and folder, then the quick, then the thorough', () => {
    expect(orderTests(COVERAGE, 'src/sync/intake/a.ts', 1)).toEqual([
      'tests/unit/sync/a-more.test.ts',
      'tests/unit/sync/intake/b.test.ts',
      'tests/unit/sync/quick.test.ts',
      'tests/unit/sync/slow.test.ts',
      'tests/faults/sync/simulation.test.ts',
      'tests/unit/store/b.test.ts',
      'tests/contract/reads.test.ts',
    ]);
    expect(orderTests(COVERAGE, 'src/sync/intake/a.ts', 2)).toEqual(['tests/unit/sync/slow.test.ts']);
    expect(orderTests(COVERAGE, 'src/sync/intake/a.ts', 3)).toEqual([]);
  });

  it('are of the kinds that are asked for', () => {
    const coverage = new Map([
      ...COVERAGE,
      ['tests/endurance/http.test.ts', record(5, 'src/sync/intake/a.ts#1')],
      ['tests/endurance/memory.test.ts', record(4, 'src/sync/intake/a.ts#1')],
      ['tests/endurance/cluster.test.ts', record(1, 'src/cluster/a.ts#1')],
    ]);
    expect(orderTests(coverage, 'src/sync/intake/a.ts', 1)).toEqual(
      orderTests(COVERAGE, 'src/sync/intake/a.ts', 1),
    );
    const rows = ['tests/endurance/memory.test.ts', 'tests/endurance/http.test.ts'];
    expect(orderTests(coverage, 'src/sync/intake/a.ts', 1, ['endurance'])).toEqual(rows);
  });

  it('are those that run anything of the file, outside of regions', () => {
    expect(orderTests(COVERAGE, 'src/sync/intake/ba.ts', undefined)).toEqual([
      'tests/unit/sync/other.test.ts',
    ]);
  });
});

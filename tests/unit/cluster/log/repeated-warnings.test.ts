import { RepeatedWarnings } from '../../../../src/cluster/log/repeated-warnings.js';
import { TestClock } from '../../../../src/testing/test-clock.js';

function world(): { clock: TestClock; said: string[]; warnings: RepeatedWarnings } {
  const clock = new TestClock();
  const said: string[] = [];
  return { clock, said, warnings: new RepeatedWarnings(clock, (message) => said.push(message)) };
}

describe('repeated warnings', () => {
  it('are told at once, and then at growing distances with their count', async () => {
    const { clock, said, warnings } = world();
    for (let second = 0; second < 31; second++) {
      warnings.warn('failed', new Error(`no answer within ${second} ms`));
      await clock.advance(1_000);
    }
    expect(said).toEqual([
      'failed: no answer within 0 ms',
      'failed: no answer within 10 ms (10 times since this was last said)',
      'failed: no answer within 30 ms (20 times since this was last said)',
    ]);
  });

  it('of another cause are told at once, and so are those of one that was quiet for long', async () => {
    const { clock, said, warnings } = world();
    warnings.warn('failed', new Error('a'));
    warnings.warn('failed', new Error('b'));
    warnings.warn('failed', new Error('a'));
    await clock.advance(300_000);
    warnings.warn('failed', new Error('a'));
    expect(said).toEqual(['failed: a', 'failed: b', 'failed: a']);
  });

  it('of ever other causes do not pile up', () => {
    const { said, warnings } = world();
    const causes = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i + 1));
    for (const cause of [...causes, ...causes.slice(-32)]) warnings.warn('failed', new Error(cause));
    expect(said).toHaveLength(40);
    warnings.warn('failed', new Error('x'));
    expect(said).toHaveLength(41);
  });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What became of a fixture. */
interface Outcome {
  readonly file: string;
  readonly numPassingTests: number;
  readonly failure: string;
}

describe('the environment of the tests', () => {
  let outcomes: readonly Outcome[];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, 'run-fixtures.mjs')]);
    outcomes = JSON.parse(stdout) as readonly Outcome[];
  }, 60_000);

  it.each([
    ['nothing', /^$/],
    ['closed-socket', /^$/],
    ['timer', /a timer made .*timer\.leak\.ts:2/],
    ['unreferenced-timer', /a timer made .*unreferenced-timer\.leak\.ts:2/],
    ['socket', /a socket from port \d+ to 127\.0\.0\.1:\d+, made .*socket\.leak\.ts:\d/],
    ['server', /1 × TCPServerWrap/],
    ['listener', /1 × listener of process on SIGTERM/],
    ['store', /open .*data\.mdb/],
    ['file', /open .*dust-orm-test-.*notes/],
  ])('finds what a file has left whose tests have passed: %s', (file, failure) => {
    const outcome = outcomes.find((one) => one.file === file);
    expect(outcome).toMatchObject({ numPassingTests: 1, failure: expect.stringMatching(failure) });
  });
});

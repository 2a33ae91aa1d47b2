import { runInMemory } from './model/in-memory.js';
import { sampleSize } from '../../../sample-size.js';

const SIZE = { rounds: 3, queries: 5, writes: 12 };
const RUNS = Number(process.env.WINDOWS_RUNS ?? sampleSize(40));
const FIRST = Number(process.env.WINDOWS_SEED ?? 0);

it.each([
  ['windows of live queries', false],
  ['windows with scopes, of rows that can be deleted softly,', true],
])(
  '%s show after each commit what plain objects say',
  async (_, isSoft) => {
    let walks = 0;
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) walks += await runInMemory(seed, { ...SIZE, isSoft });
    // Else it would say nothing of windows.
    expect(walks).toBeGreaterThan(RUNS * SIZE.rounds);
  },
  3_600_000,
);

import type { CreateEngine } from './engine-under-test.js';
import type { Scenario } from './scenario.js';
import type { Encode } from './simulation.js';
import { simulate } from './simulation.js';

/** What is wrong with a run, with all that led to it; undefined when nothing is. */
export async function runFault(
  seed: number,
  scenario: Scenario,
  createEngine: CreateEngine,
  encode?: Encode,
): Promise<string | undefined> {
  const rejections: string[] = [];
  const onRejection = (reason: unknown): void => {
    rejections.push(`a rejection was not handled: ${describe(reason)}`);
  };
  process.on('unhandledRejection', onRejection);
  try {
    const { faults, trace } = await simulate(seed, scenario, createEngine, encode);
    const all = [...faults, ...rejections];
    if (all.length === 0) return undefined;
    const again = `SYNC_SEED=${seed} npm run test:faults -- sync-faults -t '${scenario.name}$'`;
    return [`${scenario.name}, seed ${seed}:`, ...all, `Again: ${again}`, trace.render()].join('\n');
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

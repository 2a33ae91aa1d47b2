import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { difference, isAsShown } from './expected-output.js';
import type { PageStep } from './page-steps.js';
import { MAIN_TERMINAL } from './page-steps.js';
import { StandIns } from './stand-ins.js';
import type { TerminalOptions } from './terminal.js';
import { Terminal } from './terminal.js';

/** How a page is walked through. */
export interface WalkOptions extends TerminalOptions {
  /** Ends all that runs; the step under way fails, and no other is taken. */
  readonly signal?: AbortSignal;
  /** Hears of each step before it is taken. */
  readonly onStep?: (description: string) => void;
}

/**
 * Does what a page says, in its order, in an empty folder, and compares what is printed with what the page shows. Files
 * are those of the folder that the main terminal was in last.
 *
 * @throws Error naming the step, with the difference
 */
export async function walk(steps: readonly PageStep[], options: WalkOptions): Promise<void> {
  const terminals = new Map<string, Terminal>();
  const standIns = new StandIns();
  const terminal = (name: string): Terminal => {
    const known = terminals.get(name) ?? new Terminal(options);
    terminals.set(name, known);
    return known;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all([...terminals.values()].map((each) => each.close()));
  };
  const stop = (): void => void closeAll();
  options.signal?.addEventListener('abort', stop);
  try {
    for (const step of steps) {
      const description = describe(step);
      options.signal?.throwIfAborted();
      options.onStep?.(description);
      await take(step).catch((error: unknown) => {
        throw new Error(`${description}\n${error instanceof Error ? error.message : String(error)}`);
      });
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await closeAll();
  }

  async function take(step: PageStep): Promise<void> {
    if (step.kind === 'file') {
      const file = join(terminal(MAIN_TERMINAL).folder, step.name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, step.content);
    } else {
      compare(await printedBy(step), step.output);
    }
  }

  async function printedBy(step: Exclude<PageStep, { kind: 'file' }>): Promise<string[]> {
    const { terminal: name, output } = step;
    if (step.kind === 'look') return terminal(name).look(output.length);
    const command = standIns.toActual(step.command);
    if (name === MAIN_TERMINAL) return terminal(name).run(command);
    return terminal(name).start(command) ? terminal(name).look(output.length) : [];
  }

  function compare(printed: readonly string[], shown: readonly string[]): void {
    standIns.learn(printed, shown);
    const lines = printed.map((line) => standIns.toShown(line));
    if (!isAsShown(lines, shown)) {
      throw new Error(`It printed (+) something else than the page shows (-):\n${difference(lines, shown)}`);
    }
  }
}

function describe(step: PageStep): string {
  if (step.kind === 'file') return `file ${step.name}`;
  const place = step.terminal === MAIN_TERMINAL ? '' : `(${step.terminal}) `;
  return step.kind === 'look' ? `${place}what it has printed since` : `${place}$ ${step.command}`;
}

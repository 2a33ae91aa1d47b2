import { words } from './command-line.js';
import type { ConsoleStep } from './console-steps.js';
import type { Curl } from './curl.js';

/** What steps need to run. */
export interface StepContext {
  readonly curl: Curl;
  /** Where the commands run; files they write land here. */
  readonly folder: string;
  /** The server's address on the page. */
  readonly shown: string;
  /** The server's real address. */
  readonly actual: string;
}

/**
 * Runs the commands in order and returns what each printed, with the address the page shows. Knows `export NAME=value`
 * and `curl`.
 */
export async function runSteps(steps: readonly ConsoleStep[], context: StepContext): Promise<ConsoleStep[]> {
  const variables = new Map<string, string>();
  const done: ConsoleStep[] = [];
  for (const { command } of steps) {
    const [program, ...args] = words(command.replaceAll(context.shown, context.actual), variables);
    let printed = '';
    if (program === 'export') for (const [name, value] of args.map(assignment)) variables.set(name, value);
    else if (program === 'curl') printed = await context.curl.run(args, context.folder);
    else throw new Error(`A transcript knows export and curl, not ${program}`);
    done.push({ command, output: linesOf(printed.replaceAll(context.actual, context.shown)) });
  }
  return done;
}

function assignment(word: string): [name: string, value: string] {
  const equals = word.indexOf('=');
  if (equals < 1) throw new Error(`export takes NAME=value, not ${word}`);
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function linesOf(printed: string): string[] {
  const text = printed.replaceAll('\r\n', '\n').trimEnd();
  return text === '' ? [] : text.split('\n');
}

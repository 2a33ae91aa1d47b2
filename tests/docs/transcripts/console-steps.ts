import { isComplete } from './command-line.js';

/** One command of a page and what the page says it prints. */
export interface ConsoleStep {
  readonly command: string;
  readonly output: readonly string[];
}

const CONSOLE_BLOCK = /^```console\n([\s\S]*?)^```$/gm;
const PROMPT = '$ ';

/** The commands in the `console` blocks of a Markdown page, in order. A line that starts with `$ ` starts a command. */
export function consoleSteps(markdown: string): ConsoleStep[] {
  return [...markdown.matchAll(CONSOLE_BLOCK)].flatMap(([, block]) => commandsOf(block!));
}

/** The commands of one block, each with the lines that follow it. */
export function commandsOf(block: string): ConsoleStep[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const step = steps.at(-1);
    if (step !== undefined && !isComplete(step.command)) step.command += `\n${line}`;
    else if (line.startsWith(PROMPT)) steps.push({ command: line.slice(PROMPT.length), output: [] });
    else if (step !== undefined) step.output.push(line);
    else throw new Error(`A console block starts with '${PROMPT}', not with: ${line}`);
  }
  return steps;
}

import type { CliContext } from '../context.js';
import { readInput } from './read-input.js';

/** Something to be asked at a terminal. */
export interface Question {
  readonly text: string;
  /** What an empty answer stands for. */
  readonly fallback: string;
  /** What is wrong with an answer; undefined when nothing is. */
  readonly fault: (answer: string) => string | undefined;
}

/** Whether a person sits at both ends of the command. */
export function canAsk({ io, out }: CliContext): boolean {
  return out.isTerminal && 'isTTY' in io.stdin && io.stdin.isTTY === true;
}

/**
 * Asks one question after the other, each until its answer can be used. What is not answered before the end of the input has its fallback.
 *
 * @throws DustError `aborted` when the command is to stop
 */
export async function ask(questions: readonly Question[], context: CliContext): Promise<readonly string[]> {
  const { out } = context;
  const answers: string[] = [];
  const next = async (): Promise<boolean> => {
    const question = questions[answers.length];
    if (question === undefined) return false;
    await out.write(`${question.text} (${question.fallback}) `);
    return true;
  };
  if (await next()) {
    for await (const line of linesOf(readInput('-', context))) {
      const { fault, fallback } = questions[answers.length]!;
      const answer = line.trim() === '' ? fallback : line.trim();
      const wrong = fault(answer);
      if (wrong === undefined) answers.push(answer);
      else await out.line(wrong);
      if (!(await next())) break;
    }
  }
  return questions.map(({ fallback }, index) => answers[index] ?? fallback);
}

/** Lines with the empty ones, each as soon as its end is there. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

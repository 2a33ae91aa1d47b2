import { commandsOf } from '../transcripts/console-steps.js';

/** One thing that a reader of a page does, in the page's order. */
export type PageStep =
  /** Writes a file, in place of one that is there. */
  | { readonly kind: 'file'; readonly name: string; readonly content: string }
  /** Types a command into a terminal. In a named one, what it starts goes on running. */
  | {
      readonly kind: 'command';
      readonly terminal: string;
      readonly command: string;
      readonly output: readonly string[];
    }
  /** Looks at what a named terminal has printed since. */
  | { readonly kind: 'look'; readonly terminal: string; readonly output: readonly string[] };

/** The terminal of blocks that name none. */
export const MAIN_TERMINAL = 'main';

const BLOCK = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

/**
 * The steps of a page: blocks marked `file <name>`, and `console` blocks, whose further word names a terminal beside the
 * main one. Other blocks are for reading only.
 */
export function pageSteps(markdown: string): PageStep[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, language, info, text]): PageStep[] => {
    const words = info!.trim().split(/\s+/);
    if (words[0] === 'file' && words[1] !== undefined) {
      return [{ kind: 'file', name: words[1], content: text! }];
    }
    return language === 'console' ? consoleStepsOf(text!, words[0] === '' ? MAIN_TERMINAL : words[0]!) : [];
  });
}

function consoleStepsOf(block: string, terminal: string): PageStep[] {
  if (terminal !== MAIN_TERMINAL && !block.startsWith('$ ')) {
    return [{ kind: 'look', terminal, output: block.trimEnd().split('\n') }];
  }
  return commandsOf(block).map((step) => ({ kind: 'command', terminal, ...step }));
}

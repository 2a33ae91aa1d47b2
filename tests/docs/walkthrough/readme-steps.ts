import type { PageStep } from './page-steps.js';
import { MAIN_TERMINAL, pageSteps } from './page-steps.js';

const INSTALL = /^## Install\n[\s\S]*?^```sh\n([\s\S]*?)^```$/m;
const PRINTED = /^\/\/ -> (.*)$/gm;

/** What a reader of the README does first: installs what it says, saves the first program under its name, and runs it. */
export function readmeSteps(markdown: string): PageStep[] {
  const install = INSTALL.exec(markdown)?.[1];
  const file = pageSteps(markdown).find((step) => step.kind === 'file');
  if (install === undefined || file === undefined) {
    throw new Error('The README has no section "Install" with a block of commands, or no program to save.');
  }
  const command = (text: string, output: readonly string[]): PageStep => ({
    kind: 'command',
    terminal: MAIN_TERMINAL,
    command: text,
    output,
  });
  const printed = [...file.content.matchAll(PRINTED)].map(([, line]) => line!);
  return [
    ...install
      .trim()
      .split('\n')
      .map((line) => command(line, ['…'])),
    file,
    command(`node ${file.name}`, printed),
  ];
}

import type { PageStep } from './page-steps.js';

/** The TypeScript files by name, as they stand each time a page compiles them. */
export function compiledSources(steps: readonly PageStep[]): ReadonlyMap<string, string>[] {
  const files = new Map<string, string>();
  const compiled: ReadonlyMap<string, string>[] = [];
  for (const step of steps) {
    if (step.kind === 'file' && step.name.endsWith('.ts')) files.set(step.name, step.content);
    else if (step.kind === 'command' && step.command === 'npx tsc') compiled.push(new Map(files));
  }
  return compiled;
}

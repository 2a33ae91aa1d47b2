import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The Markdown files that are to be read as pages, relative to the root: those of docs, and one of each example. */
export function findPages(root: string): readonly string[] {
  const guides = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const examples = readdirSync(join(root, 'examples'))
    .map((name) => `examples/${name}/README.md`)
    .filter((page) => existsSync(join(root, page)));
  const others = readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return [...guides, ...examples, ...others];
}

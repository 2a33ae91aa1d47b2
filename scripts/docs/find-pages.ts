import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The Markdown files that are to be read as pages, relative to the root: those below docs, and one of each example. */
export function findPages(root: string): readonly string[] {
  const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md'));
  const examples = readdirSync(join(root, 'examples'))
    .map((name) => `examples/${name}/README.md`)
    .filter((page) => existsSync(join(root, page)));
  const others = readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return [...guides, ...examples, ...others];
}

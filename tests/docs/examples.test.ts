import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { format } from 'node:util';
import { pageModule } from './markdown-examples.js';
import { typeCheck } from './type-check.js';
import { compiledSources } from './walkthrough/compiled-sources.js';
import { pageSteps } from './walkthrough/page-steps.js';

const root = resolve(__dirname, '../..');
const docs = join(root, 'docs');
const pages = [
  join(root, 'README.md'),
  ...readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(docs, name)),
];

/** Pages without code of their own. */
const PROSE_ONLY = [
  ...['protocol.md', 'architecture.md', 'reliability.md', 'performance.md', 'cluster.md', 'studio.md'],
  ...['hosted.md', 'faq.md', 'glossary.md', 'stability.md', 'upgrading.md', 'deployment.md'],
  ...['recipes/index.md', 'recipes/vitest.md', 'recipes/tools.md'],
];

/** Pages whose code is files to write; scripts/check-getting-started.mjs does what they say. */
const WALKTHROUGHS = ['getting-started.md'];

describe('the examples in README and docs', () => {
  // Inside the repository, so that imports and compiler settings are found as for any other source.
  const parent = join(__dirname, '.build');
  let folder: string;

  /** `recipes/auth.md`, and README.md as `../README.md`. */
  const nameOf = (page: string): string => relative(docs, page).replaceAll('\\', '/');
  const moduleFile = (page: string): string => join(folder, `${nameOf(page).replaceAll(/[^\w-]+/g, '-')}.ts`);
  const withCode = pages.filter((page) => ![...PROSE_ONLY, ...WALKTHROUGHS].includes(nameOf(page)));

  /** Writes the sources of a walkthrough, and says where. */
  const sourcesOf = (page: string): string[] => {
    const steps = pageSteps(readFileSync(join(docs, page), 'utf8'));
    return compiledSources(steps).flatMap((sources, time) =>
      [...sources].map(([name, content]) => {
        const file = join(folder, `${page}-${time}`, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
        return file;
      }),
    );
  };

  beforeAll(() => {
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(join(parent, 'pages-'));
    for (const page of withCode) writeFileSync(moduleFile(page), pageModule(page)?.source ?? '');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(withCode)('%s has examples', (page) => {
    expect(pageModule(page)).toBeDefined();
  });

  it('compile under the strict settings of this project, those of a walkthrough each time it compiles them', () => {
    const written = WALKTHROUGHS.flatMap(sourcesOf);
    expect(written.length).toBeGreaterThan(10);
    expect(typeCheck([...withCode.map(moduleFile), ...written], join(root, 'tsconfig.json'))).toEqual([]);
  }, 60_000);

  it.each(withCode)('%s runs and prints what it says', async (page) => {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => {
      printed.push(...format(...parts).split('\n'));
    });
    try {
      const { run } = (await import(moduleFile(page))) as { run: () => Promise<void> };
      await run();
    } finally {
      log.mockRestore();
    }
    expect(printed).toEqual(pageModule(page)!.expectedOutput);
  });
});

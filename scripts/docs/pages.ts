/** The pages of the site beside the reference, in the order of its navigation, by group. */
export const PAGES: Readonly<Record<string, readonly string[]>> = {
  Start: [
    'docs/getting-started.md',
    'docs/coming-from-typeorm.md',
    'docs/coming-from-dust-ecto.md',
    'docs/coming-from-http.md',
    'docs/faq.md',
    'docs/glossary.md',
  ],
  Entities: [
    'docs/entities.md',
    'docs/storage-modes.md',
    'docs/references.md',
    'docs/indexes.md',
    'docs/validation.md',
    'docs/lifecycle.md',
    'docs/soft-delete.md',
    'docs/schema-over-time.md',
    'docs/migrations.md',
  ],
  'Reading and writing': [
    'docs/finding.md',
    'docs/pagination.md',
    'docs/writing.md',
    'docs/realtime.md',
    'docs/testing.md',
  ],
  Stores: [
    'docs/transports.md',
    'docs/embedded-store.md',
    'docs/local-server.md',
    'docs/cluster.md',
    'docs/hosted.md',
    'docs/deployment.md',
    'docs/backup.md',
    'docs/security.md',
  ],
  'Frameworks and operation': [
    'docs/nestjs.md',
    'docs/express.md',
    'docs/studio.md',
    'docs/observability.md',
    'docs/bundlers.md',
  ],
  Recipes: [
    'docs/recipes/index.md',
    'docs/recipes/fastify.md',
    'docs/recipes/graphql.md',
    'docs/recipes/auth.md',
    'docs/recipes/multi-tenant.md',
    'docs/recipes/vitest.md',
    'docs/recipes/tools.md',
    'docs/recipes/serverless.md',
  ],
  Examples: ['examples/nestjs-reading-list/README.md', 'examples/express-reading-list/README.md'],
  'Look up': [
    'docs/configuration.md',
    'docs/cli.md',
    'docs/errors.md',
    'docs/limits.md',
    'docs/performance.md',
    'docs/reliability.md',
    'docs/interoperability.md',
    'docs/protocol.md',
  ],
  Project: [
    'CHANGELOG.md',
    'docs/upgrading.md',
    'docs/stability.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CODE_OF_CONDUCT.md',
    'docs/architecture.md',
  ],
};

/**
 * The pages that are there, in their order.
 *
 * @throws Error naming the pages without a place in the order, those with several, and the places without a page
 */
export function inOrder(
  found: readonly string[],
  order: Readonly<Record<string, readonly string[]>> = PAGES,
): readonly string[] {
  const places = Object.values(order).flat();
  const homeless = found.filter((page) => !places.includes(page));
  const missing = places.filter((page) => !found.includes(page));
  const repeated = new Set(places.filter((page, i) => places.indexOf(page) !== i));
  const problems = [
    ...homeless.map((page) => `${page} has no place in the site: add it to PAGES in scripts/docs/pages.ts.`),
    ...missing.map((page) => `${page} does not exist: take it out of PAGES in scripts/docs/pages.ts.`),
    ...[...repeated].map(
      (page) => `${page} has several places in PAGES in scripts/docs/pages.ts: leave one.`,
    ),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return places;
}

/** The group a page belongs to; undefined when it has no place. */
export function groupOf(page: string): string | undefined {
  return Object.keys(PAGES).find((group) => PAGES[group]?.includes(page));
}

/** What a page is called: its first heading, without the markup in it. */
export function titleOf(markdown: string): string | undefined {
  return /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '').trim();
}

/**
 * Where a page is on the site, as a path without an extension: `docs/errors.md` is `errors`, `examples/x/README.md` is
 * `examples/x`, `CHANGELOG.md` is `changelog`.
 */
export function addressOf(page: string): string {
  // docs/security.md has the shorter name.
  if (page === 'SECURITY.md') return 'security-policy';
  return page
    .replace(/^docs\//, '')
    .replace(/(\/README)?\.md$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
}

/** The pages of the site beside the reference, in the order of its navigation. The first is not in a group: it is the front page. */
export const PAGES: Readonly<Record<string, readonly string[]>> = {
  Start: [
    'docs/getting-started.md',
    'docs/coming-from-typeorm.md',
    'docs/coming-from-dust-ecto.md',
    'docs/coming-from-http.md',
  ],
  Guides: [
    'docs/entities.md',
    'docs/storage-modes.md',
    'docs/finding.md',
    'docs/pagination.md',
    'docs/references.md',
    'docs/indexes.md',
    'docs/writing.md',
    'docs/lifecycle.md',
    'docs/soft-delete.md',
    'docs/schema-over-time.md',
    'docs/validation.md',
    'docs/schema-over-time.md',
    'docs/migrations.md',
    'docs/soft-delete.md',
    'docs/schema-over-time.md',
    'docs/realtime.md',
    'docs/transports.md',
    'docs/embedded-store.md',
    'docs/cluster.md',
    'docs/testing.md',
    'docs/nestjs.md',
    'docs/express.md',
    'docs/observability.md',
    'docs/deployment.md',
    'docs/bundlers.md',
  ],
  Examples: ['examples/nestjs-reading-list/README.md', 'examples/express-reading-list/README.md'],
  Reference: [
    'docs/configuration.md',
    'docs/errors.md',
    'docs/limits.md',
    'docs/reliability.md',
    'docs/performance.md',
    'docs/cli.md',
    'docs/local-server.md',
    'docs/protocol.md',
    'docs/interoperability.md',
    'CHANGELOG.md',
  ],
  Contributors: ['CONTRIBUTING.md', 'docs/architecture.md'],
};

/**
 * The pages that are there, in their order.
 *
 * @throws Error naming the pages without a place in the order, and the places without a page
 */
export function inOrder(
  found: readonly string[],
  order: Readonly<Record<string, readonly string[]>> = PAGES,
): readonly string[] {
  const places = Object.values(order).flat();
  const homeless = found.filter((page) => !places.includes(page));
  const missing = places.filter((page) => !found.includes(page));
  const problems = [
    ...homeless.map((page) => `${page} has no place in the site: add it to PAGES in scripts/docs/pages.ts.`),
    ...missing.map((page) => `${page} does not exist: take it out of PAGES in scripts/docs/pages.ts.`),
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

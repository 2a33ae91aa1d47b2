/** The fields of a record, six as the rows' {@link Link} has. */
const FIELDS = ['title', 'url', 'note', 'rank', 'read', 'addedAt'];

/** The prefix that the rows' records lie under: a mirror of the entity keeps it. */
export const PREFIX = 'bench/links';

/** The n-th record's slug, always the same. */
export function slugNumber(n: number): string {
  return `link-${n.toString().padStart(7, '0')}`;
}

/** How many records hold so many leaves. */
export function recordsOf(leaves: number): number {
  return Math.ceil(leaves / FIELDS.length);
}

/** The n-th leaf: six of them make a record. */
export function leafNumber(n: number): { path: string; value: string | number | boolean } {
  const record = Math.floor(n / FIELDS.length);
  const field = n % FIELDS.length;
  return { path: `${PREFIX}/${slugNumber(record)}/${FIELDS[field]!}`, value: valueOf(record, field) };
}

function valueOf(record: number, field: number): string | number | boolean {
  switch (field) {
    case 0:
      return `Link number ${record}`;
    case 1:
      return 'https://dustlayer.io/docs';
    case 2:
      return 'worth reading';
    case 3:
      return record % 100;
    case 4:
      return record % 2 === 0;
    default:
      return '2026-01-02T03:04:05.000Z';
  }
}

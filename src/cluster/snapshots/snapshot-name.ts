import type { Shelf } from '../log/shelf.js';

/** What the names of all snapshots begin with. */
export const SNAPSHOTS = 'snapshot/';

/** As many digits as a position has at most: names stand in the order of their positions. */
const DIGITS = 16;

/** Under which name the snapshot of a position lies on the shelf. */
export function snapshotName(position: number): string {
  return SNAPSHOTS + String(position).padStart(DIGITS, '0');
}

/** The position of the snapshot with this name; undefined for what is none. */
export function positionOf(name: string): number | undefined {
  const digits = name.startsWith(SNAPSHOTS) ? name.slice(SNAPSHOTS.length) : '';
  return /^\d{16}$/.test(digits) ? Number(digits) : undefined;
}

/** Of all snapshots on a shelf, the newest first. @throws DustError `network`, `closed` */
export async function snapshotPositions(shelf: Shelf): Promise<readonly number[]> {
  const items = await shelf.list(SNAPSHOTS);
  return items.flatMap(({ name }) => positionOf(name) ?? []).sort((a, b) => b - a);
}

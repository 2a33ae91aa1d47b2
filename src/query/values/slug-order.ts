import { comparePaths } from '../../protocol/paths/order.js';
import { escapeSegment } from '../../protocol/paths/path.js';

/**
 * Compares two slugs as the store orders their records: by the paths below them (PROTOCOL §1), in which a slug is
 * followed by a `/`. That is not the order of the slugs as strings: `a-2` comes before `a`.
 */
export function compareSlugs(a: string, b: string): number {
  return comparePaths(`${escapeSegment(a)}/`, `${escapeSegment(b)}/`);
}

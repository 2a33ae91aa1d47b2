/** Rendered paths as the studio's process sends them: segments joined by `/`, with `~0` for `~` and `~1` for `/` inside one. */

/** The raw segments of a rendered path; none of the empty one, which is the whole store. */
export function segmentsOf(path: string): string[] {
  if (path === '') return [];
  return path.split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The rendered path of raw segments. */
export function pathOf(segments: readonly string[]): string {
  return segments.map((segment) => segment.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
}

/** Whether `path` is `prefix` or lies below it. Everything lies below the empty path. */
export function isWithin(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
}

/** Whether a change at `changed` can have changed what lies at or below `path`. */
export function concerns(changed: string, path: string): boolean {
  return isWithin(changed, path) || isWithin(path, changed);
}

/** The path one segment up; empty at the top. */
export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

/** The path that is `prefix` and one more rendered segment of `path`, which lies below it; undefined when it does not. */
export function childWithin(path: string, prefix: string): string | undefined {
  if (path === prefix || !isWithin(path, prefix)) return undefined;
  const start = prefix === '' ? 0 : prefix.length + 1;
  const end = path.indexOf('/', start);
  return end < 0 ? path : path.slice(0, end);
}

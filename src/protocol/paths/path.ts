import { DustError } from '../../errors.js';

/**
 * A rendered path: segments joined by `/`, with `~` written `~0` and `/` written `~1` inside a segment
 * (PROTOCOL §1). The form in which every module passes paths on; {@link renderPath} and {@link parsePath} convert.
 */
export type Path = string;

/** The reasons a path is refused, as the protocol names them (PROTOCOL §1). */
export type PathFault = 'empty_path' | 'empty_segment' | 'invalid_escape' | 'unpaired_surrogate';

const FAULT_TEXT: Record<PathFault, string> = {
  empty_path: 'a path needs at least one segment',
  empty_segment: 'a segment may not be empty (no leading, trailing or doubled "/")',
  invalid_escape: 'a "~" must be written "~0" and a "/" inside a segment "~1"',
  unpaired_surrogate: 'a segment must be well-formed Unicode, and half of a surrogate pair is not',
};

/** The error for a path that breaks the syntax; `detail` is the {@link PathFault}. */
export function invalidPath(path: unknown, fault: PathFault): DustError {
  return new DustError('invalid_params', `Invalid path ${shown(path)}: ${FAULT_TEXT[fault]}.`, {
    detail: fault,
    ...(typeof path === 'string' ? { path } : {}),
  });
}

function shown(path: unknown): string {
  return typeof path === 'string' ? JSON.stringify(path) : `of type ${path === null ? 'null' : typeof path}`;
}

/** `segment` as it stands inside a rendered path. Does not check it; {@link renderPath} does. */
export function escapeSegment(segment: string): string {
  if (!segment.includes('~') && !segment.includes('/')) return segment;
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The segment that stands as `escaped` inside a valid rendered path. */
export function unescapeSegment(escaped: string): string {
  if (!escaped.includes('~')) return escaped;
  return escaped.replaceAll('~1', '/').replaceAll('~0', '~');
}

/**
 * Joins raw segments into a rendered path.
 *
 * @throws DustError `invalid_params` with detail `empty_path`, `empty_segment` or `unpaired_surrogate`
 */
export function renderPath(segments: readonly string[]): Path {
  if (!isSegments(segments) || segments.length === 0) throw invalidPath('', 'empty_path');
  const rendered = segments.map(escapeSegment).join('/');
  if (segments.includes('')) throw invalidPath(rendered, 'empty_segment');
  if (!rendered.isWellFormed()) throw invalidPath(rendered, 'unpaired_surrogate');
  return rendered;
}

function isSegments(segments: unknown): boolean {
  return Array.isArray(segments) && segments.every((segment) => typeof segment === 'string');
}

/** What is wrong with a rendered path, or `undefined` when it is valid. What is no text has no segments. */
export function pathFault(path: unknown): PathFault | undefined {
  if (typeof path !== 'string' || path === '') return 'empty_path';
  if (path.startsWith('/') || path.endsWith('/') || path.includes('//')) return 'empty_segment';
  if (path.includes('~') && /~(?![01])/.test(path)) return 'invalid_escape';
  return path.isWellFormed() ? undefined : 'unpaired_surrogate';
}

/**
 * The raw segments of a rendered path.
 *
 * @throws DustError `invalid_params` with detail `empty_path`, `empty_segment`, `invalid_escape` or
 * `unpaired_surrogate`
 */
export function parsePath(path: Path): string[] {
  assertPath(path);
  return path.split('/').map(unescapeSegment);
}

/** @throws DustError `invalid_params` when `path` is not a valid rendered path */
export function assertPath(path: Path): void {
  const fault = pathFault(path);
  if (fault !== undefined) throw invalidPath(path, fault);
}

/** The path one segment below `parent`. `segment` is raw and must not be empty. */
export function childPath(parent: Path, segment: string): Path {
  return `${parent}/${escapeSegment(segment)}`;
}

/** Whether `path` lies below `ancestor`. A path is not below itself. */
export function isBelow(path: Path, ancestor: Path): boolean {
  return (
    path.length > ancestor.length && path.charCodeAt(ancestor.length) === 47 && path.startsWith(ancestor)
  );
}

import { DustError } from '../../errors.js';
import type { PathRange } from './order.js';
import { rangeBelow } from './order.js';
import type { Path } from './path.js';
import { invalidPath, pathFault } from './path.js';

/** One segment of a pattern: a literal (in its escaped form), exactly one segment, or one or more at the tail. */
export type PatternSegment =
  { readonly kind: 'literal'; readonly segment: string } | { readonly kind: 'one' | 'many' };

const ONE: PatternSegment = { kind: 'one' };
const MANY: PatternSegment = { kind: 'many' };

/**
 * A compiled pattern (PROTOCOL §1). A segment `*` matches exactly one segment; `**` matches one or more and may
 * only be last; `\*` and `\**` are the literal segments `*` and `**`.
 */
export class Pattern {
  readonly source: string;
  readonly segments: readonly PatternSegment[];
  /** The longest literal path that every match begins with; `undefined` when the first segment is a wildcard. */
  readonly base: Path | undefined;

  private constructor(source: string, segments: readonly PatternSegment[]) {
    this.source = source;
    this.segments = segments;
    const literals: string[] = [];
    for (const segment of segments) {
      if (segment.kind !== 'literal') break;
      literals.push(segment.segment);
    }
    this.base = literals.length === 0 ? undefined : literals.join('/');
  }

  /**
   * @throws DustError `invalid_params` with detail `empty_path`, `empty_segment`, `invalid_escape`,
   * `unpaired_surrogate` or `wildcard_many_not_tail`
   */
  static parse(source: string): Pattern {
    const fault = pathFault(source);
    if (fault !== undefined) throw invalidPath(source, fault);
    const segments = source.split('/').map(parseSegment);
    if (segments.slice(0, -1).includes(MANY)) {
      throw new DustError(
        'invalid_params',
        `Invalid pattern ${JSON.stringify(source)}: "**" may only be the last segment.`,
        {
          detail: 'wildcard_many_not_tail',
          path: source,
        },
      );
    }
    return new Pattern(source, segments);
  }

  /**
   * The pattern that matches everything below `path`, whatever characters its segments hold.
   *
   * @throws DustError `invalid_params` as {@link literalPattern} does
   */
  static below(path: Path): Pattern {
    return Pattern.parse(`${literalPattern(path)}/**`);
  }

  /** Whether the pattern has no wildcard and so matches one path only. */
  get isLiteral(): boolean {
    return this.segments.every((segment) => segment.kind === 'literal');
  }

  /** Whether a valid rendered path matches. */
  matches(path: Path): boolean {
    const parts = path.split('/');
    const last = this.segments.length - 1;
    const open = this.segments[last] === MANY;
    if (open ? parts.length <= last : parts.length !== last + 1) return false;
    return this.segments.every((segment, i) => segment.kind !== 'literal' || segment.segment === parts[i]);
  }

  /** The part of the store that holds every match, in store order. */
  get range(): PathRange {
    if (this.base === undefined) return {};
    return this.isLiteral ? { from: this.base, to: `${this.base}\u0000` } : rangeBelow(this.base);
  }
}

/**
 * `path` written as a pattern that matches it alone: segments `*` and `**` are escaped.
 *
 * @throws DustError `invalid_params` with detail `inexpressible_segment` for a path with a segment `\*` or `\**`:
 * the syntax keeps both for the literal `*` and `**` (PROTOCOL §1), so no pattern names them; use a range instead
 */
export function literalPattern(path: Path): string {
  if (!path.includes('*')) return path;
  return path
    .split('/')
    .map((segment) => literalSegment(segment, path))
    .join('/');
}

function literalSegment(segment: string, path: Path): string {
  switch (segment) {
    case '*':
    case '**':
      return `\\${segment}`;
    case '\\*':
    case '\\**':
      throw new DustError(
        'invalid_params',
        `No pattern can name the segment ${JSON.stringify(segment)} of ${JSON.stringify(path)}: use a range instead.`,
        { detail: 'inexpressible_segment', path },
      );
    default:
      return segment;
  }
}

function parseSegment(segment: string): PatternSegment {
  switch (segment) {
    case '*':
      return ONE;
    case '**':
      return MANY;
    case '\\*':
    case '\\**':
      return { kind: 'literal', segment: segment.slice(1) };
    default:
      return { kind: 'literal', segment };
  }
}

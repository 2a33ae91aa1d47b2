import { readdir } from 'node:fs/promises';
import { basename, extname, join, parse, relative, resolve, sep } from 'node:path';
import { SCRIPT } from './load-script.js';

const WILD = /[*?{}]/;

/**
 * The script files that patterns name, in the order of their names: paths, in which `*` stands for any text in a name, `?` for one character, `**` for any
 * number of folders, and `{.ts,.js}` for one of several texts. Declarations of types are no scripts.
 *
 * @param cwd where relative ones begin
 * @returns absolute paths, each once; of a path without wildcards itself, whether it is there or not
 */
export async function findFiles(patterns: readonly string[], cwd: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns.flatMap(alternatives)) {
    const path = resolve(cwd, pattern);
    if (!WILD.test(path)) {
      found.add(path);
      continue;
    }
    for (const file of await matching(path)) found.add(file);
  }
  return [...found].sort((a, b) => compare(basename(a), basename(b)) || compare(a, b));
}

/** The folder that a pattern's files lie below. */
export function folderOf(pattern: string, cwd: string): string {
  const path = resolve(cwd, pattern);
  const { root } = parse(path);
  const segments = path.slice(root.length).split(sep);
  const wild = segments.findIndex((segment) => WILD.test(segment));
  const isFile = wild === -1 && SCRIPT.test(extname(path));
  return join(root, ...segments.slice(0, wild === -1 ? segments.length - (isFile ? 1 : 0) : wild));
}

/** Whether a pattern has wildcards, and is not the name of one file or folder. */
export function isWild(pattern: string): boolean {
  return WILD.test(pattern);
}

/** Whether one of the patterns names this file, an absolute path. */
export function isNamedBy(file: string, patterns: readonly string[], cwd: string): boolean {
  return patterns.flatMap(alternatives).some((pattern) => {
    const path = resolve(cwd, pattern);
    return path === file || (WILD.test(path) && expressionBelow(folderOf(path, sep), path)(file));
  });
}

/** The ends that the names of a pattern's scripts have, where it lets their beginning open: `.ts` of `migrations/*.ts`. */
export function endOf(pattern: string): readonly string[] {
  return alternatives(pattern).flatMap((each) => {
    const [, end] = /(?:^|[/\\])\*([^*?/\\]+)$/.exec(each) ?? [];
    return end !== undefined && SCRIPT.test(extname(`a${end}`)) ? [end] : [];
  });
}

/** A pattern with each of the texts that its braces name. */
function alternatives(pattern: string): string[] {
  const braces = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (braces === null) return [pattern];
  const [, before = '', texts = '', after = ''] = braces;
  return texts.split(',').flatMap((text) => alternatives(`${before}${text}${after}`));
}

async function matching(pattern: string): Promise<string[]> {
  const base = folderOf(pattern, sep);
  const isMatch = expressionBelow(base, pattern);
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const isScript = SCRIPT.test(extname(entry.name)) && !/\.d\.[cm]?ts$/.test(entry.name);
    return entry.isFile() && isScript && isMatch(path) ? [path] : [];
  });
}

/** What tells the paths below a folder that a pattern names. */
function expressionBelow(base: string, pattern: string): (path: string) => boolean {
  const expression = expressionOf(relative(base, pattern).split(sep));
  return (path) => expression.test(relative(base, path));
}

function expressionOf(segments: readonly string[]): RegExp {
  const source = segments.map((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '**') return isLast ? '.*' : `(?:[^${SEP}]+${SEP})*`;
    const text = segment
      .replace(/[.+^$()|[\]\\]/g, '\\$&')
      .replaceAll('*', `[^${SEP}]*`)
      .replaceAll('?', `[^${SEP}]`);
    return isLast ? text : `${text}${SEP}`;
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

const SEP = sep === '\\' ? '\\\\' : '/';

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

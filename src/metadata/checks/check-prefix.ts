/** What is wrong with a prefix, in full sentences; `undefined` when it is good. */
export function prefixProblem(prefix: unknown): string | undefined {
  if (typeof prefix === 'string') return stringProblem(prefix);
  if (!Array.isArray(prefix)) {
    return "its prefix is missing. Write @DustEntity('links') or { prefix: ['reading', 'links'] }.";
  }
  if (prefix.length === 0) return "its prefix is empty. Give it at least one segment: { prefix: ['links'] }.";
  const bad = (prefix as readonly unknown[]).findIndex((segment) => !isSegment(segment));
  return bad < 0 ? undefined : `segment ${bad + 1} of its prefix is not a non-empty, well-formed string.`;
}

function isSegment(segment: unknown): boolean {
  return typeof segment === 'string' && segment !== '' && segment.isWellFormed();
}

function stringProblem(prefix: string): string | undefined {
  const parts = prefix.split(/[/.]/).filter((part) => part !== '');
  if (parts.length === 0) return "its prefix is empty. Give it at least one segment: @DustEntity('links').";
  if (/[/.]/.test(prefix)) {
    const list = parts.map((part) => `'${part}'`).join(', ');
    return `a prefix given as a string is one segment, and ${JSON.stringify(prefix)} looks like several. Write { prefix: [${list}] }.`;
  }
  return prefix.isWellFormed() ? undefined : 'its prefix is not well-formed Unicode.';
}

import { createHash } from 'node:crypto';
import type { Path } from '../../protocol/paths/path.js';
import { parsePath, renderPath } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { UniqueValues } from '../../store/index.js';

/** Below it lie the claims, `<prefix>/<properties>/<values>`, each with the slug of the record that has the values. */
export const CLAIMS = '_dust:unique';
/** Below it lies a mark for each unique index whose records have their claims, `<prefix>/<properties>`. */
const READY = '_dust:unique-ready';

/** Longer texts become a hash: a claim's path must fit where that of its record does. */
const MOST_READABLE = 100;
/** What a segment shows of a text. Whatever else there is becomes a hash. */
const READABLE = /^[\w.@+, :/-]*$/;

/** Where the claims of all records of a prefix lie. */
export function claimsBelow(prefix: Path): Path {
  return renderPath([CLAIMS, ...segmentsOf(prefix)]);
}

/** Where those of one unique index lie. */
export function claimsOf(definition: IndexDefinition): Path {
  return renderPath([CLAIMS, ...segmentsOf(definition.prefix), propertiesOf(definition)]);
}

/** Where the claim of these values lies. */
export function claimPath({ definition, key }: Pick<UniqueValues, 'definition' | 'key'>): Path {
  const [part, ...more] = definition.parts;
  const text = part !== undefined && more.length === 0 && part.type === 'string' ? readable(key) : undefined;
  const value = text ?? hashOf([definition.parts.map(({ type }) => type), key]);
  return renderPath([CLAIMS, ...segmentsOf(definition.prefix), propertiesOf(definition), value]);
}

/** Where it is marked that the records of a unique index have their claims. */
export function readyPath(definition: IndexDefinition): Path {
  return renderPath([READY, ...segmentsOf(definition.prefix), propertiesOf(definition)]);
}

function segmentsOf(prefix: Path): string[] {
  return parsePath(prefix).map(segmentOf);
}

function propertiesOf({ parts }: IndexDefinition): string {
  const paths = parts.map(({ path }) => path);
  return paths.some((path) => path.includes(',')) ? hashOf(paths) : segmentOf(paths.join(','));
}

/** The text of a string's key, without what keys have around it; undefined for one that is not to be shown. */
function readable(key: string): string | undefined {
  const text = key.slice(1, -1);
  return text.length > 0 && isReadable(text) ? `=${cased(text)}` : undefined;
}

function segmentOf(text: string): string {
  return isReadable(text) ? cased(text) : hashOf([text]);
}

function isReadable(text: string): boolean {
  return text.length <= MOST_READABLE && READABLE.test(text);
}

/** Servers of version 0.1 remove with a path what differs from it in case alone (PROTOCOL §5.9). */
function cased(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `^${letter.toLowerCase()}`);
}

/** Not to be taken for a text, which has no such first character. */
function hashOf(parts: readonly unknown[]): string {
  return `#${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

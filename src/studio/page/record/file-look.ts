import type { JsonObject } from '../../../protocol/values/value.js';
import type { LeafInfo } from '../../api/messages.js';

/** Whether a leaf describes a file; one that was put back as a map with the same description does, too. */
export function isFileLeaf({ type, value }: Pick<LeafInfo, 'type' | 'value'>): boolean {
  if (type === 'file') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { _type, hash } = value as JsonObject;
  return _type === 'file' && typeof hash === 'string';
}

/** How a file is looked at, by what the studio's process says it is: it goes by how the file begins. Undefined for what is only kept. */
export function lookOf(contentType: string | null): 'picture' | 'text' | undefined {
  if (contentType?.startsWith('image/')) return 'picture';
  return contentType?.startsWith('text/') ? 'text' : undefined;
}

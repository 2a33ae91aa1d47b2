import { createHash } from 'node:crypto';

/** The address of a file's content: `sha256:` and 64 hexadecimal digits. */
export function contentHash(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

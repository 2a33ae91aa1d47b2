import { createRequire } from 'node:module';
import type { MediaType } from './media-type.js';

type Listed = Pick<MediaType, 'charset' | 'compressible' | 'extensions' | 'source'>;

const listed = createRequire(import.meta.url)('mime-db') as Record<string, Listed>;

/** The records of the npm package `mime-db`, some 2,500 of them. */
export function mediaTypes(): (Listed & Pick<MediaType, 'name' | 'family'>)[] {
  return Object.entries(listed).map(([name, facts]) => ({
    ...facts,
    name,
    family: name.slice(0, name.indexOf('/')),
  }));
}

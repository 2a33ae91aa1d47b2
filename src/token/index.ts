export type { Scrub } from './scrub.js';
export type { TokenSource } from './source.js';
export { isToken } from './source.js';
export { Tokens } from './tokens.js';

import { createScrub } from '../../../src/token/scrub.js';

describe('createScrub', () => {
  it.each([
    ['dust_tok_abc', 'Bearer dust_tok_abc.', 'Bearer [token].'],
    ['dust_tok_abc', 'dust_tok_abcdust_tok_abc', '[token][token]'],
    ['a/b+c', 'a/b+c a%2Fb%2Bc a%2fb%2bc', '[token] [token] [token]'],
    ['a"b\\c', 'say "a\\"b\\\\c"', 'say "[token]"'],
    ['a.c', 'abc a.c', 'abc [token]'],
    ['$&(x)[^]{1}|?*', 'x $&(x)[^]{1}|?*', 'x [token]'],
    ['dust_tok_abc', 'nothing here', 'nothing here'],
  ])('%s out of %s', (token, text, clean) => {
    expect(createScrub(token)(text)).toBe(clean);
  });
});

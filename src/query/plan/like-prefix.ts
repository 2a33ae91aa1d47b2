/** What every text that matches a `LIKE` pattern begins with, and what the pattern has behind that. */
export interface LikePrefix {
  readonly prefix: string;
  /** `nothing`: the pattern is the text. `anything`: one `%`, so that the prefix alone decides. `more`: it does not. */
  readonly rest: 'nothing' | 'anything' | 'more';
}

/** The literal beginning of a pattern, up to its first `%` or `_` that is not escaped. */
export function likePrefix(pattern: string): LikePrefix {
  let prefix = '';
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern.charAt(i);
    if (unit === '%' || unit === '_') {
      return { prefix, rest: /^%+$/.test(pattern.slice(i)) ? 'anything' : 'more' };
    }
    prefix += unit === '\\' ? pattern.charAt(++i) : unit;
  }
  return { prefix, rest: 'nothing' };
}

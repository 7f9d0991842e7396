/**
 * Whether a node's name matches a pattern, as kombu matches them (kombu/matcher.py): `pcre` is a regular expression that
 * matches from the beginning, `glob` has `*`, `?`, `[abc]` and `[!abc]`.
 * @throws SyntaxError for a pattern or a kind of pattern that does not exist
 */
export function matchesNodePattern(nodeName: string, pattern: string, matcher: string): boolean {
  switch (matcher) {
    case 'glob':
      return new RegExp(`^(?:${globSource(pattern)})$`, 's').test(nodeName);
    case 'pcre':
      return new RegExp(`^(?:${pattern.replaceAll('(?P<', '(?<')})`).test(nodeName);
    default:
      throw new SyntaxError(`there is no matcher named ${matcher}`);
  }
}

/** A set that is not closed is taken for its characters, as Python's fnmatch does. */
const globParts = /\*+|\?|\[(!?)(\]?[^\]]*)\]|[\s\S]/g;

function globSource(pattern: string): string {
  return pattern.replace(globParts, (part: string, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    if (part.startsWith('*')) return '.*';
    return part === '?' ? '.' : part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  });
}

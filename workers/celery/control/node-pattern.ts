import { RE2JS } from 're2js';

/** Longer ones name no nodes; compiling them would keep the worker from its work. In characters. */
const longestPattern = 256;

/**
 * Whether a node's name matches a pattern, as kombu matches them (kombu/matcher.py): `pcre` is a regular expression that
 * matches from the beginning, `glob` has `*`, `?`, `[abc]` and `[!abc]`. Whoever may send requests chooses the pattern, so
 * it is matched in a time linear in the name, by RE2: lookaround and references to groups are not there.
 * @throws SyntaxError for a pattern that is none, that is too long or that RE2 does not know, or a kind that does not exist
 */
export function matchesNodePattern(nodeName: string, pattern: string, matcher: string): boolean {
  if (pattern.length > longestPattern) {
    throw new SyntaxError(
      `a pattern of nodes has at most ${longestPattern} characters, not ${pattern.length}`,
    );
  }
  switch (matcher) {
    case 'glob':
      return compiled(globSource(pattern), RE2JS.DOTALL).matches(nodeName);
    case 'pcre':
      return compiled(pattern, 0).matcher(nodeName).lookingAt();
    default:
      throw new SyntaxError(`there is no matcher named ${matcher}`);
  }
}

/** @throws SyntaxError */
function compiled(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`the pattern of nodes cannot be used: ${reason}`, { cause });
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

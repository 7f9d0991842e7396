import { describe, expect, it } from '@jest/globals';
import { matchesNodePattern } from '../../../workers/celery/control/node-pattern.ts';

describe('a pattern of node names', () => {
  it.each([
    ['glob', 'ai@*', true],
    ['glob', '*', true],
    ['glob', '*@host-1', true],
    ['glob', '*@host-?', true],
    ['glob', 'ai@host', false],
    ['glob', '[ab]i@host-[0-9]', true],
    ['glob', '[!ab]i@*', false],
    ['glob', 'ai@host.1', false],
    ['glob', 'ai@host-[', false],
    ['glob', '(ai)@*', false],
    ['pcre', 'ai@host', true],
    ['pcre', 'host', false],
    ['pcre', '.*host-\\d$', true],
    ['pcre', '(?P<queue>ai|analytics)@', true],
  ])('of the kind %s: %s', (matcher, pattern, matches) => {
    expect(matchesNodePattern('ai@host-1', pattern, matcher)).toBe(matches);
  });

  it('cannot be of a kind that does not exist, nor be no pattern', () => {
    expect(() => matchesNodePattern('ai@host', 'ai', 'sql')).toThrow(SyntaxError);
    expect(() => matchesNodePattern('ai@host', '(', 'pcre')).toThrow(SyntaxError);
  });
});

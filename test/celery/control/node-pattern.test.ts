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

  it.each([
    ['pcre', '(?:a+)+$'],
    ['pcre', '(a|aa)*!'],
    ['pcre', '(?:(?:a*)*)*$'],
    ['glob', `${'*a'.repeat(100)}!`],
  ])(
    'takes no longer for one that would keep a backtracking engine busy for ever: %s %s',
    (matcher, pattern) => {
      const started = performance.now();
      expect(matchesNodePattern(`${'a'.repeat(250)}@host`, pattern, matcher)).toBe(false);
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  it.each([
    ['looks ahead', '(?=ai)'],
    ['looks behind', '(?<=a)i'],
    ['refers to a group', '(a)\\1'],
    ['repeats repetitions too often', '((a{100}){100}){100}'],
    ['is longer than any name', 'a'.repeat(257)],
  ])('is refused where it %s', (_, pattern) => {
    expect(() => matchesNodePattern('ai@host', pattern, 'pcre')).toThrow(SyntaxError);
  });

  it('cannot be of a kind that does not exist, nor be no pattern', () => {
    expect(() => matchesNodePattern('ai@host', 'ai', 'sql')).toThrow(SyntaxError);
    expect(() => matchesNodePattern('ai@host', '(', 'pcre')).toThrow(SyntaxError);
  });
});

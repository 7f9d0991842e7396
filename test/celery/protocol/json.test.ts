import { describe, expect, it } from '@jest/globals';
import { parseTaskJson, stringifyTaskJson } from '../../../workers/celery/protocol/json.ts';
import { TaggedValue } from '../../../workers/celery/protocol/value.ts';

describe('JSON of tasks', () => {
  it.each([
    '[1, 2.5, "a", null, true]',
    '{"a": [9007199254740993, -123456789012345678901234567890]}',
    '[NaN, Infinity, -Infinity]',
    '{"at": {"__type__": "datetime", "__value__": "2026-11-23T01:11:24.815321+00:00"}}',
    '[{"__type__": "decimal", "__value__": "1.10"}, {"__type__": "uuid", "__value__": {"hex": "00ff"}}]',
  ])('passes on what Python wrote: %s', (text) => {
    expect(stringifyTaskJson(parseTaskJson(text))).toBe(text.replaceAll(/([,:]) /g, '$1'));
  });

  it('reads whole numbers beyond 2^53 as bigint, and those below as numbers', () => {
    expect(parseTaskJson('[9007199254740993, 9007199254740991, 1e400]')).toEqual([
      9_007_199_254_740_993n,
      9_007_199_254_740_991,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('takes nothing inside a text for a number', () => {
    const value = ['NaN', 'say \\"Infinity\\" 12345678901234567890', { __type__: 'x' }];
    expect(parseTaskJson(JSON.stringify(value))).toEqual(value);
  });

  it('keeps a tagged value whole', () => {
    expect(parseTaskJson('{"__type__": "bytes", "__value__": "/wA="}')).toEqual(
      new TaggedValue('bytes', '/wA='),
    );
  });

  it.each(['', '[1,', '[nan]', "{'a': 1}", '[1 2]'])('refuses %p', (text) => {
    expect(() => parseTaskJson(text)).toThrow(SyntaxError);
  });
});

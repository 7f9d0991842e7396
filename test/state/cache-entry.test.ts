import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { cacheEntry, readCacheEntry } from '../../workers/state/cache-entry.ts';

const Dish = z.strictObject({ name: z.string() });

describe('a cache entry', () => {
  it('holds a value', () => {
    expect(readCacheEntry(Dish, cacheEntry({ name: 'soup' }))).toEqual({ value: { name: 'soup' } });
  });

  it('holds the knowledge that there is none', () => {
    expect(readCacheEntry(Dish, cacheEntry(undefined))).toEqual({ value: undefined });
  });

  it('tells a value that is null from none', () => {
    expect(readCacheEntry(Dish.nullable(), cacheEntry(null))).toEqual({ value: null });
  });

  it.each([
    '',
    'soup',
    '{"value":{"name":"so',
    '{"value":{"name":7}}',
    '{"value":{"name":"soup","extra":1}}',
    '{"name":"soup"}',
    '{}',
    'null',
    '7',
    '[]',
  ])('is none where it cannot be read: %s', (text) => {
    expect(readCacheEntry(Dish, text)).toBeUndefined();
  });
});

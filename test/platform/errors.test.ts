import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { errorCatalogue, isEveryday, PlatformError } from '../../workers/platform/errors.ts';

const root = new URL('../../', import.meta.url);

/** The text of every source file that can raise an error. */
function sources(): string {
  return ['workers', 'charts', 'cli', 'local']
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file}`,
      ),
    )
    .filter(
      (file) =>
        /\.(ts|mjs)$/.test(file) && !file.includes('node_modules') && !file.endsWith('platform/errors.ts'),
    )
    .map((file) => readFileSync(new URL(file, root), 'utf8'))
    .join('\n');
}

describe('the catalogue of errors', () => {
  const text = sources();

  it.each(Object.keys(errorCatalogue))('%s is raised somewhere', (code) => {
    expect(text).toContain(`'${code}'`);
  });

  it('says of each error what happened and what to do', () => {
    for (const { meaning, remedy } of Object.values(errorCatalogue)) {
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('gives statuses that are errors of HTTP', () => {
    const statuses = Object.values(errorCatalogue).flatMap(({ status }) => status ?? []);
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.every((status) => status >= 400 && status < 600)).toBe(true);
  });
});

describe('an error of the platform', () => {
  it('says what its code means unless it knows better', () => {
    expect(new PlatformError('ORDER_UNKNOWN').message).toBe(errorCatalogue.ORDER_UNKNOWN.meaning);
    expect(new PlatformError('ORDER_UNKNOWN', 'order o1 is gone').message).toBe('order o1 is gone');
  });

  it('keeps its cause and its details', () => {
    const cause = new Error('socket closed');
    const error = new PlatformError('STATE_UNAVAILABLE', 'away', { cause, details: { port: 6379 } });
    expect(error).toMatchObject({
      name: 'PlatformError',
      code: 'STATE_UNAVAILABLE',
      cause,
      details: { port: 6379 },
    });
    expect(new PlatformError('STATE_UNAVAILABLE')).not.toHaveProperty('cause');
  });

  it('is everyday business only where the catalogue says so', () => {
    expect(isEveryday(new PlatformError('NO_DRIVER_FREE'))).toBe(true);
    expect(isEveryday(new PlatformError('STATE_UNAVAILABLE'))).toBe(false);
    expect(isEveryday(new Error('NO_DRIVER_FREE'))).toBe(false);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = new URL('../../docs/celery-compatibility.md', import.meta.url);
const rows = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split(' | '));

/** The file that a row names, and the test in it. */
function testOf(row: readonly string[]) {
  const [, path = '', title = ''] = /\]\(([^)]+)\)(?:: (.+?))? \|$/.exec(row.at(-1) ?? '') ?? [];
  return { file: new URL(path, page), title };
}

describe('the page about Celery', () => {
  it.each(rows.map((row) => [row[0] ?? '', row] as const))('names a test that exists: %s', (_, row) => {
    expect(row).toHaveLength(4);
    const { file, title } = testOf(row);
    expect(file.pathname).toMatch(/\.test\.ts$/);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });

  it('says what is better and what is not there', () => {
    for (const word of ['**better**', '**not there**'])
      expect(rows.filter((row) => row[2]?.includes(word)).length).toBeGreaterThan(3);
  });
});

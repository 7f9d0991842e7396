import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { alertsOf, runbookOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';

const root = new URL('../../', import.meta.url);
const directory = fileURLToPath(new URL('docs/runbooks/', root));
const names = Object.keys(alertsOf(smartEats));
const textOf = (alert: string) => readFileSync(new URL(runbookOf(alert), root), 'utf8');

describe('the runbooks', () => {
  it('are one for each alert, and none for an alert that is gone', () => {
    expect(readdirSync(directory).sort()).toEqual(names.map((name) => `${name}.md`).sort());
  });

  it.each(names)('%s say what it means, what it does, what to check and how to mend it', (name) => {
    const text = textOf(name);
    const headings = [...text.matchAll(/^#+ .+$/gm)].map(([heading]) => heading);
    expect(headings).toEqual([`# ${name}`, '## Meaning', '## Impact', '## Checks', '## Fix']);
    for (const section of text.split(/^## .+$/m).slice(1)) expect(section.trim().length).toBeGreaterThan(30);
  });

  it.each(names)('%s lead to pages that exist', (name) => {
    for (const [, target = ''] of textOf(name).matchAll(/\]\(([^)#]+)\)/g)) {
      expect([target, existsSync(fileURLToPath(new URL(`docs/runbooks/${target}`, root)))]).toEqual([
        target,
        true,
      ]);
    }
  });
});

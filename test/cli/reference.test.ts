import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { referencePages } from '../../cli/reference/pages.ts';
import { smartEats } from '../../workers/platform/platform.ts';

describe('the reference pages', () => {
  it.each(Object.entries(referencePages))('docs/%s says what the declarations say', (name, render) => {
    expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(render());
  });

  it('list every service with its port and every queue with its consumer', () => {
    const page = referencePages['platform.md']?.() ?? '';
    for (const [name, { port }] of Object.entries(smartEats.services))
      expect(page).toContain(`\`${name}\` | ${port}`);
    for (const [name, { consumer }] of Object.entries(smartEats.queues)) {
      expect(page).toMatch(new RegExp(`\`${name}\` .* \`${consumer}\` .*\`${name}\\.dead\``));
    }
  });

  it('list every task with its queue and every schedule entry with its task', () => {
    const page = referencePages['platform.md']?.() ?? '';
    for (const [name, { queue }] of Object.entries(smartEats.tasks))
      expect(page).toMatch(new RegExp(`\`${name}\` .* \`${queue}\` `));
    for (const name of Object.keys(smartEats.taskQueues)) expect(page).toContain(`\`${name}.dead\``);
    for (const [name, { task, timeZone }] of Object.entries(smartEats.schedule))
      expect(page).toMatch(new RegExp(`\`${name}\` .* ${timeZone} .* \`${task}\` `));
  });

  it('show a life time in the largest unit that fits', () => {
    const page = referencePages['redis-keys.md']?.() ?? '';
    expect(page).toMatch(/`session:\{userId\}` \| Sessions of a user \| 1 d \|/);
    expect(page).toMatch(/`rate:\{ip\}` \| .* \| 10 min \|/);
    expect(page).toMatch(/`cache-lock:\{key\}` \| .* \| 10 s \|/);
  });
});

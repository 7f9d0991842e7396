import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { marked } from 'marked';
import { alertsOf, runbookOf } from '../../workers/platform/alerts.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { checkout } from '../checkout.ts';

/** The runbook of an alert as a page; `undefined` for a path that is none. */
export async function runbookPage(platform: Platform, path: string): Promise<string | undefined> {
  const alert = Object.keys(alertsOf(platform)).find((name) => path === `/${runbookOf(name)}`);
  if (alert === undefined) return undefined;
  const text = await readFile(join(checkout, runbookOf(alert)), 'utf8');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${alert}</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }</style>
${await marked.parse(text)}
</html>
`;
}

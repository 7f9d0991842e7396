import type { errorCatalogue } from '../../workers/platform/errors.ts';
import { generatedNote, markdownTable } from './markdown.ts';

/** The reference page of every error code, as Markdown. */
export function renderErrors(catalogue: typeof errorCatalogue): string {
  const entries = Object.entries(catalogue);
  const seen = entries.filter(([, { status }]) => status !== undefined);
  const inside = entries.filter(([, { status }]) => status === undefined);
  return [
    '# Errors',
    '',
    generatedNote,
    '',
    'Every error has a stable code. A failed request is answered with',
    '',
    '```json',
    '{ "error": { "code": "…", "message": "…", "details": {}, "requestId": "…" } }',
    '```',
    '',
    'The request id is also in the `x-request-id` header and in the log lines of the request.',
    'An answer with status 429 or 503 says in `Retry-After` after how many seconds to try again.',
    '',
    '## Seen by callers of the API',
    '',
    ...markdownTable(
      ['Code', 'Status', 'Meaning', 'What to do'],
      seen.map(([code, { status, meaning, remedy }]) => [`\`${code}\``, String(status), meaning, remedy]),
    ),
    '',
    '## Seen in logs, dead letters and commands',
    '',
    ...markdownTable(
      ['Code', 'Meaning', 'What to do'],
      inside.map(([code, { meaning, remedy }]) => [`\`${code}\``, meaning, remedy]),
    ),
    '',
  ].join('\n');
}

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { renderConfiguration } from '../../cli/reference/configuration.ts';
import { renderErrors } from '../../cli/reference/errors.ts';
import { markdownTable } from '../../cli/reference/markdown.ts';
import { errorCatalogue } from '../../workers/platform/errors.ts';

describe('a rendered reference page', () => {
  it('tells errors that callers see from those they do not', () => {
    const [callers = '', inside = ''] = renderErrors(errorCatalogue).split('## Seen in logs');
    expect(callers).toContain('| `RATE_LIMITED` | 429 |');
    expect(callers).not.toContain('MESSAGE_NOT_JSON');
    expect(inside).toContain('| `MESSAGE_NOT_JSON` |');
  });

  it('shows defaults, secrets and readers of a variable', () => {
    const lines = renderConfiguration({
      A: { description: 'a', schema: z.string(), usedBy: 'all' },
      B: { description: 'b', schema: z.string().default('x'), secret: true, usedWith: ['redis'] },
      C: { description: 'c', schema: z.string().optional(), usedBy: ['api-gateway'] },
    }).split('\n');
    expect(lines).toContain('| `A` | a | required |  | every service |');
    expect(lines).toContain('| `B` | b | `x` | yes | services that use redis |');
    expect(lines).toContain('| `C` | c |  |  | api-gateway |');
  });

  it('keeps a bar inside a cell from ending it', () => {
    expect(markdownTable(['x'], [['a|b']])).toEqual(['| x |', '| --- |', '| a\\|b |']);
  });
});

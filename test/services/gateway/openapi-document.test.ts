import { describe, expect, it } from '@jest/globals';
import { tidied } from '../../../workers/services/gateway/openapi-document.ts';

describe('a tidied description', () => {
  const generated = {
    openapi: '3.1.0',
    components: { schemas: { Used: { type: 'object' }, Unused: { type: 'object' } } },
    paths: {
      '/a': {
        get: {
          responses: {
            '200': {
              description: 'Default Response',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Used' } } },
            },
            '404': { description: 'Not there' },
          },
        },
      },
    },
  };

  it('has no schema that nothing refers to', () => {
    expect(Object.keys(tidied(generated).components?.schemas ?? {})).toEqual(['Used']);
  });

  it('says what an answer is where the generator did not', () => {
    const { responses = {} } = tidied(generated).paths?.['/a']?.['get'] ?? {};
    expect(Object.values(responses).map(({ description }) => description)).toEqual(['OK', 'Not there']);
  });

  it('leaves the generated one as it was', () => {
    const before = structuredClone(generated);
    tidied(generated);
    expect(generated).toEqual(before);
  });
});

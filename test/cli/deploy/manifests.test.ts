import { describe, expect, it } from '@jest/globals';
import type { ClusterObject } from '../../../cli/cluster/cluster-object.ts';
import { withEncodedSecret } from '../../../cli/deploy/manifests.ts';

const secret = (fields: Readonly<Record<string, unknown>>): ClusterObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'some' },
  ...fields,
});

describe('the text of a Secret', () => {
  it('is encoded as the API stores it, in UTF-8, and no longer given as text', () => {
    expect(withEncodedSecret(secret({ type: 'Opaque', stringData: { word: 'grün' } }))).toEqual(
      secret({ type: 'Opaque', data: { word: 'Z3LDvG4=' } }),
    );
  });

  it('is added to what is encoded already and wins over it, as in the API', () => {
    const given = secret({ data: { kept: 'YQ==', both: 'YQ==' }, stringData: { both: 'b' } });
    expect(withEncodedSecret(given)['data']).toEqual({ kept: 'YQ==', both: 'Yg==' });
  });

  it('leaves a Secret without text and an object of another kind as they are', () => {
    const encoded = secret({ data: { a: 'YQ==' } });
    const other = { ...secret({ stringData: { a: 'a' } }), kind: 'Thing' };
    expect(withEncodedSecret(encoded)).toBe(encoded);
    expect(withEncodedSecret(other)).toBe(other);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type Definition, type OpenApiSchema, reduced } from '../../../charts/custom-resources/definition.ts';

function definitionWith(...versions: readonly [name: string, stored: boolean, schema: OpenApiSchema][]) {
  const definition: Definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things' },
      versions: versions.map(([name, storage, openAPIV3Schema]) => ({
        name,
        served: true,
        storage,
        schema: { openAPIV3Schema },
      })),
    },
  };
  return definition;
}

function schemaOf(definition: Definition): OpenApiSchema | undefined {
  return definition.spec.versions[0]?.schema.openAPIV3Schema;
}

describe('a reduced definition', () => {
  it('keeps the stored version alone', () => {
    const { spec } = reduced(definitionWith(['v1alpha1', false, {}], ['v1', true, {}], ['v2', false, {}]));
    expect(spec.versions.map(({ name }) => name)).toEqual(['v1']);
  });

  it('leaves out descriptions at every depth, but no field named description', () => {
    const text = { type: 'string', description: 'Some text' };
    const schema = {
      description: 'A thing',
      type: 'object',
      properties: {
        description: text,
        list: { type: 'array', items: text, description: 'Texts' },
        map: { type: 'object', additionalProperties: { anyOf: [text], not: text } },
        open: { type: 'object', additionalProperties: true },
      },
    };
    expect(schemaOf(reduced(definitionWith(['v1', true, schema])))).toEqual({
      type: 'object',
      properties: {
        description: { type: 'string' },
        list: { type: 'array', items: { type: 'string' } },
        map: {
          type: 'object',
          additionalProperties: { anyOf: [{ type: 'string' }], not: { type: 'string' } },
        },
        open: { type: 'object', additionalProperties: true },
      },
    });
  });

  it('leaves out the status of an object, but no field further down that has this name', () => {
    const inner = { type: 'object', properties: { status: { type: 'string' } } };
    const schema = { type: 'object', properties: { spec: inner, status: inner } };
    expect(schemaOf(reduced(definitionWith(['v1', true, schema])))?.properties).toEqual({ spec: inner });
  });

  it('says of the kind what its constructs and its objects need', () => {
    const { metadata, spec } = reduced(definitionWith(['v1', true, {}]));
    expect(metadata).toEqual({ name: 'things.example.org' });
    expect(spec).toMatchObject({ group: 'example.org', scope: 'Namespaced', names: { kind: 'Thing' } });
  });
});

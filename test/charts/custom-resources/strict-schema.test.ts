import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import type { OpenApiSchema } from '../../../charts/custom-resources/definition.ts';
import { strictSchema } from '../../../charts/custom-resources/strict-schema.ts';

/** A schema as definitions write it, with each of Kubernetes' extensions. */
const scaler: OpenApiSchema = {
  type: 'object',
  description: 'Scales',
  required: ['target'],
  properties: {
    target: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
    port: {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern: '^[a-z]+$',
      'x-kubernetes-int-or-string': true,
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    status: { type: 'object' },
    free: {
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-preserve-unknown-fields': true,
    },
    count: { type: 'integer', format: 'int32', default: 3, description: 'How many' },
    list: {
      type: 'array',
      items: { type: 'object', properties: { description: { type: 'string' }, format: { type: 'string' } } },
    },
    choice: {
      type: 'object',
      properties: { one: { type: 'string' }, other: { type: 'string' } },
      oneOf: [{ required: ['one'] }, { required: ['other'] }],
    },
  },
};

const validate = new Ajv({ strictTypes: true, strictTuples: true, allErrors: true }).compile(
  strictSchema(scaler),
);

const target = { name: 'a' };

describe('the strict schema of a custom resource', () => {
  it('leaves a pattern that JavaScript does not understand to the server', () => {
    expect(strictSchema({ type: 'string', pattern: '^(?i)(abort|warn)?$' })).toEqual({ type: 'string' });
  });

  it.each([
    { target },
    { target, port: 80 },
    { target, port: 'http' },
    { target, labels: { any: 'name' } },
    { target, free: { a: 'a', b: { c: 1 } } },
    { target, count: 0 },
    { target, list: [{ description: 'a field that is named so', format: 'as well' }] },
    { target, choice: { one: 'x' } },
  ])('accepts %j', (object) => {
    expect(validate(object)).toBe(true);
  });

  it.each([
    [{}, "must have required property 'target'"],
    [{ target, extra: 1 }, 'must NOT have additional properties'],
    [{ target: { name: 'a', nam: 'b' } }, 'must NOT have additional properties'],
    [{ target: { name: '' } }, 'must NOT have fewer than 1 characters'],
    [{ target, port: 'HTTP' }, 'must match pattern "^[a-z]+$"'],
    [{ target, port: true }, 'must be integer'],
    [{ target, labels: { a: 1 } }, 'must be string'],
    [{ target, status: { a: 1 } }, 'must NOT have additional properties'],
    [{ target, free: { a: 1 } }, 'must be string'],
    [{ target, list: [{ text: 'a' }] }, 'must NOT have additional properties'],
    [{ target, choice: { one: 'x', other: 'y' } }, 'must match exactly one schema in oneOf'],
    [{ target, choice: { neither: 'x' } }, 'must NOT have additional properties'],
  ])('refuses %j', (object, problem) => {
    expect(validate(object)).toBe(false);
    expect(validate.errors?.map(({ message }) => message)).toContain(problem);
  });
});

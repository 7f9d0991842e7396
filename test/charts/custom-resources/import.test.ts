import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Yaml } from 'cdk8s';
import { usedKinds } from '../../../charts/custom-resources/used-kinds.ts';

const program = fileURLToPath(new URL('../../../charts/custom-resources/import.ts', import.meta.url));

/** A definition of a kind, far smaller than the real one. */
function definitionOf(group: string, kind: string) {
  const plural = `${kind.toLowerCase()}s`;
  const spec = { type: 'object', description: 'Wanted', properties: { size: { type: 'integer' } } };
  const openAPIV3Schema = { type: 'object', description: 'A kind', properties: { spec, status: spec } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

describe('npm run import', () => {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-import-'));
  const [from, to] = [join(directory, 'definitions'), join(directory, 'imports')];
  const groups = Object.entries(usedKinds);
  const definitions = groups.flatMap(([group, kinds]) => kinds.map((kind) => definitionOf(group, kind)));
  const run = () =>
    execFileSync(process.execPath, ['--import', 'tsx', program, from, to], {
      encoding: 'utf8',
      stdio: 'pipe',
    });

  beforeAll(() => {
    // One file for each kind, as the operators publish them, and others beside them.
    mkdirSync(from);
    for (const definition of definitions)
      Yaml.save(join(from, `${definition.metadata.name}.yaml`), [definition]);
    Yaml.save(join(from, 'unused.yaml'), [definitionOf('example.org', 'Unused')]);
    Yaml.save(join(from, 'namespace.yaml'), [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'keda' } },
    ]);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes constructs and a strict schema of each kind in use, and of no other', () => {
    const output = run();
    for (const [group, kinds] of groups) {
      expect(output).toContain(`${group}: ${kinds.join(', ')}\n`);
      const module = group.split('.')[0];
      const constructs = readFileSync(join(to, `${module}.ts`), 'utf8');
      for (const kind of kinds) expect(constructs).toContain(`export class ${kind} extends ApiObject {`);
      expect(constructs).not.toMatch(/Wanted|Unused/);
      const schemas: Record<string, object> = JSON.parse(
        readFileSync(join(to, 'schemas', `${module}.json`), 'utf8'),
      );
      expect(Object.keys(schemas)).toEqual(kinds.map((kind) => `${group}/v1/${kind}`));
      expect(Object.values(schemas)[0]).toEqual({
        type: 'object',
        additionalProperties: false,
        properties: {
          spec: { type: 'object', additionalProperties: false, properties: { size: { type: 'integer' } } },
        },
      });
    }
  });

  it('changes nothing where a definition is missing, and says which', () => {
    rmSync(to, { recursive: true, force: true });
    const [first] = definitions;
    rmSync(join(from, `${first?.metadata.name}.yaml`));
    expect(run).toThrow(`${from} has no definition of ${first?.spec.names.kind}; nothing was changed`);
    expect(readdirSync(directory)).toEqual(['definitions']);
  });
});

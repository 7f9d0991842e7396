/**
 * Generates `imports/` from the CustomResourceDefinitions in a directory: typed constructs for the charts, and
 * strict schemas for the check at synthesis. Only the kinds in `used-kinds.ts`, so that no definition has to be
 * copied into this repository: `npm run import -- <directory>`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Yaml } from 'cdk8s';
import { type Definition, reduced } from './definition.ts';
import { strictSchema } from './strict-schema.ts';
import { usedKinds } from './used-kinds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const [directory, imports = join(root, 'imports')] = process.argv.slice(2);
if (directory === undefined) {
  console.error(
    'Usage: npm run import -- <directory of CustomResourceDefinitions in YAML> [<output directory>]',
  );
  process.exitCode = 2;
} else {
  importDefinitions(directory);
}

function importDefinitions(from: string): void {
  const definitions = readDefinitions(from);
  const find = (group: string, kind: string) =>
    definitions.find(({ spec }) => spec.group === group && spec.names.kind === kind);
  const groups = Object.entries(usedKinds);
  const missing = groups.flatMap(([group, kinds]) => kinds.filter((kind) => !find(group, kind)));
  if (missing.length > 0) {
    console.error(`${from} has no definition of ${missing.join(', ')}; nothing was changed`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(join(imports, 'schemas'), { recursive: true });
  for (const [group, kinds] of groups) {
    const used = kinds.flatMap((kind) => find(group, kind) ?? []).map(reduced);
    generateConstructs(group, used);
    writeSchemas(group, used);
    console.log(`${group}: ${kinds.join(', ')}`);
  }
}

function readDefinitions(from: string): readonly Definition[] {
  return readdirSync(from)
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file): Definition[] => Yaml.load(join(from, file)))
    .filter((object) => object?.kind === 'CustomResourceDefinition');
}

/** One file of several documents: of two files for one group, the second would replace what the first made. */
function generateConstructs(group: string, definitions: readonly Definition[]): void {
  const work = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    const file = join(work, `${group}.yaml`);
    Yaml.save(file, [...definitions]);
    const command = ['--no-install', 'cdk8s', 'import', file, '--language', 'typescript', '--output', work];
    execFileSync('npx', [...command, '--save=false', '--check-upgrade=false'], { cwd: root, stdio: 'pipe' });
    copyFileSync(join(work, `${group}.ts`), join(imports, `${moduleNameOf(group)}.ts`));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeSchemas(group: string, definitions: readonly Definition[]): void {
  const lines = definitions.flatMap(({ spec }) =>
    spec.versions.map(({ name, schema }) => {
      const id = `${group}/${name}/${spec.names.kind}`;
      return `${JSON.stringify(id)}: ${JSON.stringify(strictSchema(schema.openAPIV3Schema))}`;
    }),
  );
  writeFileSync(join(imports, 'schemas', `${moduleNameOf(group)}.json`), `{\n${lines.join(',\n')}\n}\n`);
}

/** `keda.sh` becomes `keda`, `monitoring.coreos.com` becomes `monitoring`. */
function moduleNameOf(group: string): string {
  return group.split('.')[0] ?? group;
}

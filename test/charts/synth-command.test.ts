import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import { manifestsOf } from './manifests.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-synth-command-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs cdk8s as `npm run synth` does, into a directory of the test's own. */
function synth(output: string, env: Record<string, string>, app: readonly string[] = []): Promise<Outcome> {
  const cdk8s = join(checkout, 'node_modules/.bin/cdk8s');
  const options = { cwd: checkout, env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', ...env } };
  return new Promise((resolve) => {
    execFile(cdk8s, ['synth', '--output', output, ...app], options, (error, stdout, stderr) => {
      // What execFile reports for a program that ended is its exit code.
      const code = error === null ? 0 : Number((error as ExecFileException).code);
      resolve({ code, stdout, stderr });
    });
  });
}

describe('cdk8s synth', () => {
  it.each(['kind', 'production'] as const)(
    'writes the manifests of %s and nothing else, and finds no fault',
    async (name) => {
      const output = join(directory, name);
      const { code, stdout } = await synth(output, { SMARTEATS_PROFILE: name });
      expect([code, stdout]).toEqual([0, expect.stringMatching(/Status +│ success/)]);
      const { files } = manifestsOf(defineProfile(name));
      expect(readdirSync(output).sort()).toEqual([...files.keys()]);
      expect(readdirSync(output).filter((file) => !file.endsWith('.k8s.yaml'))).toEqual([]);
      for (const [file, text] of files) expect(readFileSync(join(output, file), 'utf8')).toBe(text);
    },
  );

  it('says in one line which option is wrong', async () => {
    const { code, stderr } = await synth(join(directory, 'wrong'), { SMARTEATS_PROFILE: 'prod' });
    expect(code).not.toBe(0);
    expect(stderr).toContain('CONFIG_INVALID: SMARTEATS_PROFILE must be kind or production (is "prod")\n');
    expect(stderr).not.toContain('charts/');
  });

  it('fails on a manifest that breaks a rule, and names the rule, the object and the reason', async () => {
    const broken = join(directory, 'broken.k8s.yaml');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'trial' } };
    writeFileSync(broken, JSON.stringify(namespace));
    const app = ['--app', `mkdir -p "$CDK8S_OUTDIR" && cp ${broken} "$CDK8S_OUTDIR"`];
    const { code, stdout } = await synth(join(directory, 'refused'), {}, app);
    expect(code).toBe(2);
    for (const part of ['default-deny', 'Namespace/trial', 'no NetworkPolicy denies everything in it'])
      expect(stdout).toContain(part);
  });
});

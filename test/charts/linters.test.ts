import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileName } from '../../charts/profile.ts';
import { locateProgram } from '../../local/setup/programs.mjs';
import { manifestsOf } from './manifests.ts';

const profiles: readonly ProfileName[] = ['kind', 'production'];
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-linters-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Writes the manifests of a profile into one file, which linters read whole. */
function fileOf(profile: ProfileName): string {
  const file = join(directory, `${profile}.yaml`);
  writeFileSync(file, [...manifestsOf(defineProfile(profile)).files.values()].join('---\n'));
  return file;
}

describe('the exceptions that the manifests ask linters for', () => {
  it('are as few as they must be', () => {
    const asked = manifestsOf(defineProfile('production')).all.flatMap(({ kind, metadata }) =>
      Object.keys(metadata.annotations ?? {})
        .filter((key) => /kube-linter|kube-score/.test(key))
        .map((key) => `${kind} ${metadata.name}: ${key.replace('ignore-check.kube-linter.io/', '')}`),
    );
    expect(asked.sort()).toEqual([
      'DaemonSet node-exporter: sensitive-host-mounts',
      'NetworkPolicy alertmanager: dangling-networkpolicy',
      'NetworkPolicy alertmanager: kube-score/ignore',
      'NetworkPolicy prometheus: dangling-networkpolicy',
      'NetworkPolicy prometheus: kube-score/ignore',
      'Service alertmanager: dangling-service',
      'Service alertmanager: kube-score/ignore',
      'Service prometheus: dangling-service',
      'Service prometheus: kube-score/ignore',
    ]);
  });
});

const kubeLinter = locateProgram('kube-linter');
const kubeScore = locateProgram('kube-score');
const unless = (program: string | undefined) => (program === undefined ? describe.skip : describe);
const orWhyNot = (name: string, program: string | undefined) =>
  program === undefined ? `${name} (not installed, so this did not run)` : name;

unless(kubeLinter)(orWhyNot('kube-linter', kubeLinter), () => {
  it.each(profiles)('finds nothing in the manifests of %s', (profile) => {
    const run = spawnSync(kubeLinter ?? '', ['lint', fileOf(profile)], { encoding: 'utf8' });
    expect(run.stdout.split('\n').filter((line) => line.includes('(check:'))).toEqual([]);
    expect(run.stderr).not.toContain('no valid objects');
    expect(run.status).toBe(0);
  });
});

/** What is so on purpose; docs/kubernetes.md says why. */
const onPurpose = [
  /^ImagePullPolicy is not set to Always$/,
  /^Deployment few replicas$/,
  /^The container (is )?running with a low (user|group) ID$/,
];

unless(kubeScore)(orWhyNot('kube-score', kubeScore), () => {
  it.each(profiles)('finds nothing but what is so on purpose in the manifests of %s', (profile) => {
    const args = ['score', '--output-format', 'ci', '--exit-one-on-warning=false', fileOf(profile)];
    const { stdout } = spawnSync(kubeScore ?? '', args, { encoding: 'utf8' });
    const findings = stdout.split('\n').filter((line) => /^\[(CRITICAL|WARNING)\]/.test(line));
    const surprising = findings.filter((line) => {
      const text = line.replace(/^\[\w+\] \S+ [^:]+: (\([\w-]+\) )?/, '');
      return !onPurpose.some((known) => known.test(text));
    });
    expect(surprising).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
  });
});

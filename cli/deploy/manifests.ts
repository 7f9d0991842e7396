import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Profile } from '../../charts/profile.ts';
import { synthesize } from '../../charts/synthesize.ts';
import { findingsOf } from '../../charts/validation/validate.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import type { ClusterObject } from '../cluster/cluster-object.ts';

/**
 * Every object of a platform, as `smarteats synth` writes and checks them, in the order of the files.
 * @throws PlatformError MANIFESTS_INVALID with every fault found, and what the synthesis throws
 */
export async function synthesizedObjects(
  platform: Platform,
  profile: Profile,
): Promise<readonly ClusterObject[]> {
  const directory = await mkdtemp(join(tmpdir(), 'smarteats-manifests-'));
  try {
    synthesize(platform, profile, directory);
    const files = (await readdir(directory)).filter((name) => name.endsWith('.k8s.yaml')).sort();
    const texts = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')));
    // Checked just below, against the schemas of Kubernetes.
    const objects: readonly ClusterObject[] = texts.flatMap((text) =>
      parseAllDocuments(text).map((document) => document.toJS()),
    );
    const findings = findingsOf(objects);
    if (findings.length > 0) {
      const faults = findings.map(
        ({ object, rule, problem }) => `${object.kind}/${object.metadata.name} (${rule}): ${problem}`,
      );
      throw new PlatformError('MANIFESTS_INVALID', faults.join('; '), { details: { faults } });
    }
    return objects.map(withEncodedSecret);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The API turns `stringData` into `data` once and forgets it, so a key that is no longer there would stay, and no
 * comparison with what is stored would ever be equal.
 */
export function withEncodedSecret(object: ClusterObject): ClusterObject {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || stringData === undefined) return object;
  const encoded = Object.entries(stringData as Readonly<Record<string, string>>).map(([key, text]) => [
    key,
    Buffer.from(text, 'utf8').toString('base64'),
  ]);
  return { ...rest, data: { ...(rest['data'] ?? {}), ...Object.fromEntries(encoded) } };
}

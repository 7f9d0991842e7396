import { execa } from 'execa';

/**
 * `smarteats synth`: writes the Kubernetes manifests with the cdk8s command line, which needs no network.
 * @returns the exit code of cdk8s
 */
export async function synthesizeManifests(checkout: string): Promise<number> {
  const { exitCode } = await execa('cdk8s', ['synth'], {
    cwd: checkout,
    preferLocal: true,
    localDir: checkout,
    stdio: 'inherit',
    reject: false,
    env: { CDK8S_CHECK_UPGRADE: 'false' },
  });
  return exitCode ?? 1;
}

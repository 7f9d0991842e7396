import { execa } from 'execa';
import { profileFromEnvironment } from '../../charts/profile-environment.ts';

/**
 * `smarteats synth`: writes the Kubernetes manifests with the cdk8s command line, which needs no network.
 * @returns the exit code of cdk8s
 * @throws PlatformError CONFIG_INVALID for a profile that cannot be used, before cdk8s adds its own words to it
 */
export async function synthesizeManifests(checkout: string): Promise<number> {
  profileFromEnvironment(process.env);
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

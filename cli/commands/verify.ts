import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { withClusterPlatform } from '../verify/cluster-platform.ts';
import { type Finding, gapsOf, renderFindings } from '../verify/finding.ts';
import { findStack } from '../verify/local-platform.ts';
import { verify } from '../verify/verify.ts';

/**
 * `smarteats verify`: compares the platform that runs, on this machine or on a cluster, with the declarations.
 * @returns the exit code: 1 on any gap
 */
export async function verifyCommand(choice: ClusterChoice): Promise<number> {
  const findings = await findingsOf(choice);
  console.log(renderFindings(findings));
  const gaps = gapsOf(findings);
  if (gaps.length === 0) {
    console.log('The platform is as declared.');
    return 0;
  }
  console.log('Gaps:');
  for (const gap of gaps) console.log(`  ${gap}`);
  return 1;
}

async function findingsOf(choice: ClusterChoice): Promise<readonly Finding[]> {
  if (choice.context === undefined && choice.kubeconfig === undefined) return verify(findStack());
  const cluster = await connectToCluster(choice);
  const profile = profileFromEnvironment(process.env);
  return withClusterPlatform(cluster, smartEats, profile, (verified) => verify(verified));
}

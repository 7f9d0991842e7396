import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { readStatus } from '../status/read-status.ts';
import { problemsOf, renderStatus } from '../status/status-report.ts';

/**
 * `smarteats status`: shows pods, queues and targets of the platform on a cluster.
 * @returns the exit code: 1 when something is not right
 */
export async function statusCommand(choice: ClusterChoice): Promise<number> {
  const cluster = await connectToCluster(choice);
  const status = await readStatus(cluster, smartEats, profileFromEnvironment(process.env));
  console.log(renderStatus(status));
  const problems = problemsOf(status);
  if (problems.length === 0) {
    console.log('All is well.');
    return 0;
  }
  console.log('Not right:');
  for (const problem of problems) console.log(`  ${problem}`);
  return 1;
}

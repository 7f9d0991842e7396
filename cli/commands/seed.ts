import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { listenForInterruption } from '../../local/interruption.ts';
import { type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { seedCluster } from '../players/played-cluster.ts';
import type { TownSize } from '../players/played-platform.ts';
import { accountsOf } from '../players/seeded-accounts.ts';

/**
 * `smarteats seed`: adds demo restaurants, menus and accounts to the platform on a cluster, as far as they are not
 * there.
 * @returns the exit code
 */
export async function seedCommand(options: ClusterChoice & TownSize): Promise<number> {
  const interruption = listenForInterruption();
  try {
    const { namespace } = profileFromEnvironment(process.env);
    const cluster = await connectToCluster(options);
    const { output, password } = await seedCluster(cluster, namespace, options, interruption.signal);
    const accounts = accountsOf(output);
    for (const role of ['restaurant', 'driver', 'customer'] as const) {
      const emails = accounts.filter((account) => account.role === role).map(({ email }) => email);
      console.log(
        `  ${`${role}s`.padEnd(12)} ${emails.length}: ${emails[0] ?? 'none'}${emails.length > 1 ? ', …' : ''}`,
      );
    }
    console.log(`  ${'password'.padEnd(12)} ${password}`);
    return 0;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return 130;
  } finally {
    interruption.dispose();
  }
}

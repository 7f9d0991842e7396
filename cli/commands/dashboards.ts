import colours from 'picocolors';
import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { listenForInterruption } from '../../local/interruption.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type Cluster, type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { entrancesOf } from '../dashboards/entrances.ts';
import { loginText, type Opened, openEntrances } from '../dashboards/open-entrances.ts';

/**
 * `smarteats dashboards`: opens everything on a cluster that is for a browser, until Ctrl-C.
 * @returns the exit code: 1 when there was nothing to open
 */
export async function dashboardsCommand(choice: ClusterChoice): Promise<number> {
  const interruption = listenForInterruption();
  try {
    const profile = profileFromEnvironment(process.env);
    const cluster = await connectToCluster(choice);
    const opened = await openEntrances(cluster, profile, entrancesOf(smartEats, profile));
    try {
      for (const each of opened) console.log(await describe(cluster, each, profile));
      if (opened.every(({ url }) => url === undefined)) return 1;
      console.log(`\nPods may be replaced meanwhile. Press ${colours.bold('Ctrl-C')} to close these ports.`);
      await interruption.requested;
    } finally {
      await Promise.all(opened.map(({ close }) => close?.()));
    }
    return 0;
  } finally {
    interruption.dispose();
  }
}

async function describe(
  cluster: Cluster,
  { entrance, url, note }: Opened,
  profile: ReturnType<typeof profileFromEnvironment>,
): Promise<string> {
  const login = url === undefined ? '' : await loginText(cluster, profile, entrance);
  const remark = note === undefined ? '' : colours.dim(note);
  return `  ${entrance.label.padEnd(24)} ${[url, login, remark].filter(Boolean).join('  ')}`;
}

import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { listenForInterruption } from '../../local/interruption.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type Accounts, findGaps } from '../accounting/accounts.ts';
import { renderAccounts } from '../accounting/table.ts';
import { type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { servePicture } from '../demo/picture-server.ts';
import { runDemo } from '../demo/run-demo.ts';
import { openPlayedCluster } from '../players/played-cluster.ts';
import type { PlayedPlatform } from '../players/played-platform.ts';
import { playedStack } from '../players/played-stack.ts';
import { ProgressLine, printStackEvent } from '../progress.ts';

/** With a context or a kubeconfig the demo is played on the platform of a cluster. */
export interface DemoCommandOptions extends ClusterChoice {
  readonly orders: number;
  /** Orders placed a second. */
  readonly rate: number;
  /** Prints everything the services log. */
  readonly verbose: boolean;
  /** A picture that the platform on a cluster may fetch; on this machine the demo serves its own. */
  readonly picture?: string;
}

/** All players come from one address, so the limits that are meant for people would slow them down. */
export const demoEnvironment = { RATE_LIMIT_PER_MINUTE: '1000000' } as const;

/**
 * `smarteats demo`: plays customers, restaurants and drivers, on an isolated platform of its own or on a cluster, and
 * shows whether the accounts close.
 * @returns the exit code: 0 only when nothing was lost, doubled or left behind
 */
export async function demo(options: DemoCommandOptions): Promise<number> {
  const interruption = listenForInterruption();
  const { signal } = interruption;
  try {
    const venue = await openVenue(options, signal);
    try {
      console.log(`Playing ${options.orders} orders at ${options.rate} a second`);
      const line = new ProgressLine();
      const progress = ({ placed, finished }: { placed: number; finished: number }) =>
        `  ${placed} of ${options.orders} placed, ${finished} finished`;
      let last = '';
      const accounts = await runDemo({
        ...options,
        platform: venue.platform,
        ...(venue.pictureUrl !== undefined && { pictureUrl: venue.pictureUrl }),
        signal,
        onProgress: (state) => {
          last = progress(state);
          line.show(last);
        },
      });
      line.end(last);
      console.log(renderAccounts(accounts));
      return report(accounts, signal.aborted);
    } finally {
      await venue.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log('Stopped');
    return 130;
  } finally {
    interruption.dispose();
  }
}

/** Where a demo is played. */
interface Venue {
  readonly platform: PlayedPlatform;
  /** A picture that it may fetch. */
  readonly pictureUrl?: string;
  close(): Promise<void>;
}

async function openVenue(options: DemoCommandOptions, signal: AbortSignal): Promise<Venue> {
  if (options.context !== undefined || options.kubeconfig !== undefined) {
    const cluster = await connectToCluster(options);
    const profile = profileFromEnvironment(process.env);
    console.log(`Using the platform in namespace ${profile.namespace} of context ${cluster.context}`);
    const platform = await openPlayedCluster(cluster, smartEats, profile, signal);
    const { picture } = options;
    return { platform, ...(picture !== undefined && { pictureUrl: picture }), close: () => platform.close() };
  }
  console.log('Starting an isolated platform');
  const picture = await servePicture();
  const stack = await startLocalStack({
    isolated: true,
    environment: { ...demoEnvironment, ...picture.environment },
    logs: options.verbose ? 'all' : 'warnings',
    onEvent: printStackEvent,
    signal,
  }).catch(async (error: unknown) => {
    await picture.close();
    throw error;
  });
  return {
    platform: playedStack(stack),
    pictureUrl: picture.url,
    close: async () => {
      await stack.stop();
      await picture.close();
    },
  };
}

function report(accounts: Accounts, interrupted: boolean): number {
  const gaps = findGaps(accounts);
  if (interrupted) {
    console.log('Stopped before the end');
    return 130;
  }
  if (gaps.length === 0) {
    const called = accounts.tasks.map(({ task }) => task);
    const tasks = called.length > 0 ? ', every task that was called has its result' : '';
    console.log(
      `The accounts close: every order is final, every paid order is charged once, no message is lost${tasks}.`,
    );
    const left = Object.keys(smartEats.tasks).filter((task) => !called.some((each) => each === task));
    if (left.length > 0) console.log(`Not called: ${left.join(', ')}; ${reasonNotCalled(called.length)}`);
    return 0;
  }
  console.log('The accounts do not close:');
  for (const gap of gaps) console.log(`  ${gap}`);
  return 1;
}

function reasonNotCalled(called: number): string {
  return called > 0
    ? 'it needs a picture that the platform can fetch (--picture <url>)'
    : 'no order was delivered that they could be about, or the broker is outside of the cluster';
}

import { listenForInterruption } from '../../local/interruption.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { findGaps } from '../accounting/accounts.ts';
import { renderAccounts } from '../accounting/table.ts';
import { runDemo } from '../demo/run-demo.ts';
import { ProgressLine, printStackEvent } from '../progress.ts';

export interface DemoCommandOptions {
  readonly orders: number;
  /** Orders placed a second. */
  readonly rate: number;
  /** Prints everything the services log. */
  readonly verbose: boolean;
}

/** All players come from one address, so the limits that are meant for people would slow them down. */
export const demoEnvironment = { RATE_LIMIT_PER_MINUTE: '1000000' } as const;

/**
 * `smarteats demo`: starts an isolated platform, plays customers, restaurants and drivers on it, and shows whether
 * the accounts close.
 * @returns the exit code: 0 only when nothing was lost, doubled or left behind
 */
export async function demo(options: DemoCommandOptions): Promise<number> {
  const interruption = listenForInterruption();
  console.log('Starting an isolated platform');
  try {
    const stack = await startLocalStack({
      isolated: true,
      environment: demoEnvironment,
      logs: options.verbose ? 'all' : 'warnings',
      onEvent: printStackEvent,
      signal: interruption.signal,
    });
    try {
      console.log(`Playing ${options.orders} orders at ${options.rate} a second`);
      const line = new ProgressLine();
      const progress = ({ placed, finished }: { placed: number; finished: number }) =>
        `  ${placed} of ${options.orders} placed, ${finished} finished`;
      let last = '';
      const accounts = await runDemo({
        ...options,
        stack,
        signal: interruption.signal,
        onProgress: (state) => {
          last = progress(state);
          line.show(last);
        },
      });
      line.end(last);
      console.log(renderAccounts(accounts));
      return report(findGaps(accounts), interruption.signal.aborted);
    } finally {
      await stack.stop();
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.log('Stopped');
    return 130;
  } finally {
    interruption.dispose();
  }
}

function report(gaps: readonly string[], interrupted: boolean): number {
  if (interrupted) {
    console.log('Stopped before the end');
    return 130;
  }
  if (gaps.length === 0) {
    console.log(
      'The accounts close: every order is final, every paid order is charged once, no message is lost.',
    );
    return 0;
  }
  console.log('The accounts do not close:');
  for (const gap of gaps) console.log(`  ${gap}`);
  return 1;
}

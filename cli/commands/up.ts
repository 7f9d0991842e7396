import colours from 'picocolors';
import { listenForInterruption } from '../../local/interruption.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { ApiClient } from '../players/api-client.ts';
import { followOrder, oneOf, placeOrder, readOffers } from '../players/customer.ts';
import { playedStack } from '../players/played-stack.ts';
import { openTown, type Town } from '../players/town.ts';
import { printStackEvent, seconds } from '../progress.ts';
import { gapsOf } from '../verify/finding.ts';
import { verifiedStack } from '../verify/local-platform.ts';
import { verify } from '../verify/verify.ts';

export interface UpOptions {
  /** Goes on with the data of the last run. */
  readonly keep: boolean;
  /** Prints everything the services log. */
  readonly verbose: boolean;
}

const stoppedText = 'Stopped; nothing is left running';

/**
 * `smarteats up`: starts the platform, lets one order pass through it, and stays up until it is told to stop.
 * @returns the exit code
 */
export async function up(options: UpOptions): Promise<number> {
  const interruption = listenForInterruption();
  const { signal } = interruption;
  console.log('Starting the platform');
  try {
    const stack = await startLocalStack({
      isolated: false,
      keep: options.keep,
      monitoring: true,
      logs: options.verbose ? 'all' : 'warnings',
      onEvent: printStackEvent,
      signal,
    }).catch((error: unknown) => {
      if (signal.aborted) console.log(`\n${stoppedText}`);
      throw error;
    });
    try {
      const api = new ApiClient(stack.urls['api-gateway'] ?? '', { signal });
      const town = await openTown(playedStack(stack), api, { customers: 3, drivers: 5 });
      const playing = town.play(signal);
      await Promise.race([showOneOrder(town, signal), playing]);
      printAddresses(stack, town);
      await Promise.race([Promise.all([showVerification(stack, signal), interruption.requested]), playing]);
    } finally {
      console.log('\nStopping');
      await stack.stop();
      console.log(stoppedText);
    }
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return 0;
  } finally {
    interruption.dispose();
  }
}

async function showOneOrder(town: Town, signal: AbortSignal): Promise<void> {
  const customer = oneOf(town.customers);
  const started = performance.now();
  const orderId = await placeOrder(customer, {
    offer: oneOf(await readOffers(customer)),
    paymentMethod: 'pm_card_visa',
  });
  console.log(`\nOrder ${orderId}`);
  const show = (status: string) =>
    console.log(`  ${seconds(performance.now() - started).padStart(6)}  ${status}`);
  show('accepted');
  await followOrder(customer, orderId, signal, (status) => show(status.replaceAll('_', ' ')));
}

/** Says whether the platform is as declared; what has just started is watched for the first time within seconds. */
async function showVerification(stack: LocalStack, signal: AbortSignal): Promise<void> {
  try {
    const findings = await verify(verifiedStack(stack), signal);
    const gaps = gapsOf(findings);
    if (gaps.length === 0) console.log(`\nVerified: ${findings.length} checks, all is as declared.`);
    else console.log(['\nNot as declared:', ...gaps.map((gap) => `  ${gap}`)].join('\n'));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function printAddresses(stack: LocalStack, { visitor }: Town): void {
  const { urls, management, monitoring, directory } = stack;
  const rows: readonly (readonly [string, string])[] = [
    ['API and its description', `${urls['api-gateway']}/docs`],
    ['Charges', `${urls['payment-sandbox']}/`],
    ['Mail and SMS', `${urls['message-catcher']}/`],
    ...(monitoring?.dashboards === undefined ? [] : [['Dashboards', `${monitoring.dashboards}/`] as const]),
    ...(monitoring?.urls.prometheus === undefined
      ? []
      : [['Prometheus', monitoring.urls.prometheus] as const]),
    ...(monitoring?.urls.alertmanager === undefined
      ? []
      : [['Alertmanager', monitoring.urls.alertmanager] as const]),
    ['RabbitMQ', `${management.url}/  (${management.user}, ${management.password})`],
    ['Customer account', `${visitor.email}  (${visitor.password})`],
    ['Logs', `${directory}/logs`],
  ];
  console.log(
    '\nThe platform is up. Restaurants and drivers are played, so your own orders are delivered too.',
  );
  for (const [label, value] of rows) console.log(`  ${label.padEnd(24)} ${value}`);
  console.log('\nThe schedule');
  for (const [entry, { task, description, timeZone }] of Object.entries(smartEats.schedule))
    console.log(`  ${entry.padEnd(30)} ${task.padEnd(28)} ${description} (${timeZone})`);
  for (const problem of monitoring?.problems ?? []) console.log(`\n${problem}`);
  console.log(`\nPress ${colours.bold('Ctrl-C')} to stop it.`);
}

import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { checkout } from '../local/checkout.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import type { ClusterChoice } from './cluster/connection.ts';
import type { DemoCommandOptions } from './commands/demo.ts';
import type { DeployCommandOptions } from './commands/deploy.ts';
import type { KindCommandOptions } from './commands/kind.ts';
import type { TaskRunOptions } from './commands/task.ts';
import { errorLine } from './error-line.ts';
import type { TownSize } from './players/played-platform.ts';

const program = new Command('smarteats')
  .description('The SmartEats platform on this machine, and its Kubernetes manifests')
  .showHelpAfterError('(--help shows what is possible)');

program
  .command('up')
  .description('start the platform, deliver one order, stay up until Ctrl-C')
  .option('--keep', 'go on with the data of the last run', false)
  .option('--verbose', 'print everything the services log', false)
  .action(async (options: { keep: boolean; verbose: boolean }) => {
    const { up } = await import('./commands/up.ts');
    process.exitCode = await up(options);
  });

clusterCommand('demo', 'play on the platform of this context of the kubeconfig')
  .description('play customers, restaurants and drivers on an isolated platform and close the accounts')
  .option('--orders <number>', 'orders to place', positive(100_000), 100)
  .option('--rate <number>', 'orders placed a second', positive(1_000), 25)
  .option('--picture <url>', 'a picture of a dish that the cluster may fetch, for the task that looks at one')
  .option('--verbose', 'print everything the services log', false)
  .action(async (options: DemoCommandOptions) => {
    const { demo } = await import('./commands/demo.ts');
    process.exitCode = await demo(options);
  });

clusterCommand('deploy')
  .description('bring the platform onto a Kubernetes cluster and wait until everything is up')
  .option('--profile <name>', 'kind or production; SMARTEATS_PROFILE or kind unless given')
  .option('--dry-run', 'let the cluster check everything, and say what would change', false)
  .option('--force', 'also remove volumes and queues with messages, and take over objects of others', false)
  .option('--timeout <seconds>', 'how long everything may take to come up', positive(86_400), 300)
  .action(async (options: DeployCommandOptions) => {
    const { deployCommand } = await import('./commands/deploy.ts');
    process.exitCode = await deployCommand(options);
  });

clusterCommand('status')
  .description('show pods, queues and targets of the platform on a cluster; fails if something is not right')
  .action(async (choice: ClusterChoice) => {
    const { statusCommand } = await import('./commands/status.ts');
    process.exitCode = await statusCommand(choice);
  });

clusterCommand('verify', 'verify the platform of this context of the kubeconfig')
  .description('compare what runs with the declarations: targets, rules, panels, broker; fails on any gap')
  .action(async (choice: ClusterChoice) => {
    const { verifyCommand } = await import('./commands/verify.ts');
    process.exitCode = await verifyCommand(choice);
  });

clusterCommand('dashboards')
  .description(
    'open Grafana, Prometheus, RabbitMQ, Flower and the API of a cluster on this machine, until Ctrl-C',
  )
  .action(async (choice: ClusterChoice) => {
    const { dashboardsCommand } = await import('./commands/dashboards.ts');
    process.exitCode = await dashboardsCommand(choice);
  });

clusterCommand('seed')
  .description('add demo restaurants, menus and accounts to the platform on a cluster')
  .option('--drivers <number>', 'drivers', positive(1_000), 10)
  .option('--customers <number>', 'customers', positive(1_000), 5)
  .action(async (options: ClusterChoice & TownSize) => {
    const { seedCommand } = await import('./commands/seed.ts');
    process.exitCode = await seedCommand(options);
  });

program
  .command('kind')
  .description('bring the platform up on a kind cluster of its own, with registry and operators')
  .option('--delete', 'remove that cluster and its registry instead', false)
  .action(async (options: KindCommandOptions) => {
    const { kindCommand } = await import('./commands/kind.ts');
    process.exitCode = await kindCommand(options);
  });

const task = program.command('task').description('call the tasks of the platform');

task
  .command('run <name>')
  .description('call a task on the platform that is up here, or on the given servers')
  .option('--args <json>', 'arguments by position, as a list in JSON')
  .option('--kwargs <json>', 'arguments by name, as an object in JSON')
  .option('--wait', 'wait for the result and print it as JSON', false)
  .option('--timeout <seconds>', 'how long the broker, and then the task, may take', positive(86_400), 60)
  .option('--broker <url>', "RabbitMQ; CELERY_BROKER_URL or the running platform's unless given")
  .option('--redis <url>', "Redis; CELERY_RESULT_BACKEND or the running platform's unless given")
  .action(async (name: string, options: TaskRunOptions) => {
    const { taskRun } = await import('./commands/task.ts');
    process.exitCode = await taskRun(name, options);
  });

task
  .command('stub')
  .description('write a Python module by which Celery clients and Flower know the tasks')
  .option('--out <file>', 'file to write; standard output unless given')
  .action(async (options: { out?: string }) => {
    const { taskStub } = await import('./commands/task.ts');
    taskStub(options);
  });

task
  .command('list')
  .description('show the declared tasks with their queues and parameters')
  .action(async () => {
    const { taskList } = await import('./commands/task.ts');
    taskList();
  });

program
  .command('synth')
  .description('write the Kubernetes manifests to dist/')
  .action(async () => {
    const { synthesizeManifests } = await import('./commands/synth.ts');
    process.exitCode = await synthesizeManifests(checkout);
  });

program
  .command('reference')
  .description('write the pages of docs/ that follow from the declarations')
  .action(async () => {
    const { writeReference } = await import('./commands/reference.ts');
    await writeReference(join(checkout, 'docs'));
  });

await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof PlatformError)) throw error;
  console.error(errorLine(error));
  process.exitCode = 1;
});

/** A command for a cluster, with the options that choose it. */
function clusterCommand(
  name: string,
  context = 'context of the kubeconfig; its current one unless given',
): Command {
  return program
    .command(name)
    .option('--context <name>', context)
    .option('--kubeconfig <file>', 'kubeconfig; found as kubectl finds it unless given');
}

/** Reads a whole number from 1 to `most`. */
function positive(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    }
    return number;
  };
}

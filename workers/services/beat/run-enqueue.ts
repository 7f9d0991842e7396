import { sendOnce } from '../../messaging/send-once.ts';
import type { Environment } from '../../platform/environment.ts';
import type { Platform } from '../../platform/platform.ts';
import { topologyOf } from '../../platform/topology.ts';
import { RedisConnection } from '../../state/redis-connection.ts';
import type { RedisAddress } from '../../state/redis-options.ts';
import { createScheduleRuns } from '../../state/schedule-runs.ts';
import { createLogger, type Logger } from '../../telemetry/log.ts';
import { readCommandConfiguration } from '../host/configuration.ts';
import { brokerAddress } from '../host/connections.ts';
import { messageOfRun, minuteOf, scheduledMinute } from './scheduled-run.ts';

/** How long to wait for RabbitMQ's confirmation, in milliseconds. */
const defaultPatienceMs = 60_000;

/**
 * Publishes the task of a schedule entry and waits until the broker has it. Without `at` it is a run of the schedule,
 * which is noted as such; with it, somebody catches up a run, and the schedule goes on as if nothing had been.
 *
 * @param options.at a time in the minute to publish for @default the one that the Job is named after, else the present
 * @returns the id of the task
 * @throws PlatformError CONFIG_INVALID, SCHEDULE_ENTRY_UNKNOWN; BROKER_UNAVAILABLE, PUBLISH_REFUSED or
 *   PUBLISH_UNROUTABLE when the broker did not confirm the task in time
 */
export async function runEnqueue(
  platform: Platform,
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly entry: string; readonly at?: Date; readonly patienceMs?: number },
): Promise<string> {
  const { entry, at, patienceMs } = options;
  const config = readCommandConfiguration(platform, 'enqueue', env);
  const log = createLogger({ service: 'beat', level: config.LOG_LEVEL });
  const minute = at ? minuteOf(at) : scheduledMinute(entry, config.JOB_NAME, new Date());
  const taskId = await publishRun(platform, config, {
    entry,
    at: minute,
    log,
    ...(patienceMs && { patienceMs }),
  });
  if (at === undefined) await noteRun(entry, minute, config, log);
  return taskId;
}

/** Where the broker of the tasks is. */
type TaskBroker = Parameters<typeof brokerAddress>[0] & Pick<Environment, 'CELERY_BROKER_URL'>;

/**
 * Publishes the run of a schedule entry that is due at a time, as `runEnqueue` does.
 * @returns the id of the task
 */
export async function publishRun(
  platform: Platform,
  config: TaskBroker,
  options: { readonly entry: string; readonly at: Date; readonly log: Logger; readonly patienceMs?: number },
): Promise<string> {
  const { entry, at, log, patienceMs = defaultPatienceMs } = options;
  const message = messageOfRun(platform, entry, at);
  const taskId = String(message.properties.headers['id']);
  const { CELERY_BROKER_URL: url } = config;
  await sendOnce({
    connection: url === undefined ? brokerAddress(config) : { url },
    // Celery's broker may be another one than that of the order flow, which keeps its queues to itself.
    topology: topologyOf({ ...platform, exchanges: {}, queues: {} }),
    message,
    name: 'beat',
    log,
    patienceMs,
  });
  log.info({ entry, taskId, queue: message.routingKey }, 'task published');
  return taskId;
}

/** Lets the alert of a missed tick know. The task is published already, so a Redis that is away fails nothing. */
async function noteRun(entry: string, due: Date, address: RedisAddress, log: Logger): Promise<void> {
  const connection = new RedisConnection(address, log);
  try {
    await createScheduleRuns(connection).ran(entry, due);
  } catch (error) {
    log.warn({ err: error, entry }, 'the run of the schedule could not be noted');
  } finally {
    await connection.close();
  }
}

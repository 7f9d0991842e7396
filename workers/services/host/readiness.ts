import type { MessagingHealth } from '../../messaging/health.ts';

/** Whether something the service needs can be used now, and if not, why. */
export interface DependencyReadiness {
  readonly ready: boolean;
  readonly reason?: string;
}

/** Whether a service can do its work now, and if not, what it waits for. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly dependencies: Readonly<Record<string, DependencyReadiness>>;
  /** The queues the service consumes, and those of them it is subscribed to now. */
  readonly queues: { readonly consumed: readonly string[]; readonly subscribed: readonly string[] };
  /** Set once the shutdown has begun. */
  readonly stopping: boolean;
}

/**
 * Judges the readiness of a service: everything it uses can be reached, and it is subscribed to every queue it
 * consumes. Parts it does not use are left out.
 */
export async function readinessOf(service: {
  readonly redisAnswers?: (() => Promise<boolean>) | undefined;
  readonly mongodbAnswers?: (() => Promise<boolean>) | undefined;
  readonly messaging?: MessagingHealth | undefined;
  readonly consumes: readonly string[];
  readonly stopping: boolean;
}): Promise<ReadinessReport> {
  const { redisAnswers, mongodbAnswers, messaging, consumes, stopping } = service;
  const subscribed = (messaging?.queues ?? []).filter((queue) => queue.subscribed).map(({ queue }) => queue);
  const dependencies: Record<string, DependencyReadiness> = {};
  const [redis, mongodb] = await Promise.all([
    redisAnswers && answerOf('Redis', redisAnswers),
    mongodbAnswers && answerOf('MongoDB', mongodbAnswers),
  ]);
  if (redis !== undefined) dependencies['redis'] = redis;
  if (mongodb !== undefined) dependencies['mongodb'] = mongodb;
  if (messaging !== undefined) dependencies['rabbitmq'] = brokerReadiness(messaging);
  const ready =
    !stopping &&
    Object.values(dependencies).every((dependency) => dependency.ready) &&
    consumes.every((queue) => subscribed.includes(queue));
  return { ready, dependencies, queues: { consumed: consumes, subscribed }, stopping };
}

async function answerOf(name: string, answers: () => Promise<boolean>): Promise<DependencyReadiness> {
  return (await answers()) ? { ready: true } : { ready: false, reason: `${name} does not answer` };
}

function brokerReadiness({ connected, blocked }: MessagingHealth): DependencyReadiness {
  if (!connected) return { ready: false, reason: 'the connection to RabbitMQ is not open' };
  if (blocked) return { ready: false, reason: 'RabbitMQ takes no messages for now' };
  return { ready: true };
}

import type { Platform } from '../workers/platform/platform.ts';

/** How long a service may take to end. */
export interface Grace {
  /** What the service allows itself after SIGTERM, in milliseconds. */
  readonly shutdownMs: number;
  /** What Kubernetes waits until it kills the pod, in seconds; always longer. */
  readonly terminationSeconds: number;
}

/** How long a pod that is to end still serves, until every node has heard that it is no endpoint any more. */
export const endpointRemovalSeconds = 5;

/** The longest a request to a service may take. */
const requestMs = 10_000;
/** Handing back what was not begun, and the broker's last confirms. */
const flushMs = 5_000;

/** Derived from the longest work that a service may be in the middle of: one attempt at a message or a task. */
export function graceOf(platform: Platform, service: string): Grace {
  const attempts = Object.values(platform.queues)
    .filter(({ consumer }) => consumer === service)
    .map(({ handlerTimeoutMs }) => handlerTimeoutMs);
  const { taskQueue } = platform.services[service] ?? {};
  const tasks = Object.values(platform.tasks)
    .filter(({ queue }) => queue === taskQueue)
    .map(({ limits }) => (limits?.hard ?? 0) * 1000);
  const shutdownMs = Math.max(requestMs, ...attempts, ...tasks) + flushMs;
  return {
    shutdownMs,
    terminationSeconds: endpointRemovalSeconds + Math.ceil(shutdownMs / 1000) + 5,
  };
}

import type { Outcome } from '../../messaging/delivery.ts';
import type { Messaging } from '../../messaging/runtime.ts';
import type { Platform } from '../../platform/platform.ts';
import type { State } from '../../state/state.ts';
import type { Liveness } from '../../telemetry/liveness.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

/** Feeds what happens in the message runtime into the declared metrics. */
export function measureMessaging<P extends Platform>(messaging: Messaging<P>, metrics: Metrics): void {
  metrics.set('broker_connected', {}, 0);
  metrics.set('broker_blocked', {}, 0);
  metrics.count('broker_reconnects_total', {}, 0);
  metrics.count('publisher_resent_total', {}, 0);
  messaging.on('connected', ({ reconnect }) => {
    metrics.set('broker_connected', {}, 1);
    if (reconnect) metrics.count('broker_reconnects_total', {});
  });
  messaging.on('lost', () => metrics.set('broker_connected', {}, 0));
  messaging.on('publishFailed', ({ queue, code }) =>
    metrics.count('messages_publish_failed_total', { queue, code }),
  );
  messaging.on('published', ({ queue }) => metrics.count('messages_published_total', { queue }));
  messaging.on('resent', ({ count }) => metrics.count('publisher_resent_total', {}, count));
  messaging.on('received', ({ queue, ageMs }) => {
    metrics.count('messages_received_total', { queue });
    // Clocks of two machines differ a little; an age below zero says no more than that.
    if (ageMs !== undefined) metrics.observe('message_age_seconds', { queue }, Math.max(0, ageMs) / 1000);
  });
  messaging.on('handled', ({ queue, outcome, durationMs }) => {
    metrics.observe('message_handler_duration_seconds', { queue, outcome }, durationMs / 1000);
  });
  messaging.on('settled', ({ queue, outcome }) =>
    metrics.count('messages_handled_total', { queue, outcome }),
  );
  metrics.beforeScrape(() => {
    const { blocked, unconfirmed, waiting, queues } = messaging.health();
    metrics.set('broker_blocked', {}, blocked ? 1 : 0);
    metrics.set('publisher_unconfirmed_messages', {}, unconfirmed + waiting);
    for (const { queue, inFlight } of queues) metrics.set('messages_in_flight', { queue }, inFlight);
  });
}

/**
 * Shows the counts of these queues as 0, and their times as empty: the first message of a queue, or its first dead
 * letter, is then a rise that Prometheus sees.
 */
export function expectMessages(queues: readonly string[], metrics: Metrics): void {
  for (const queue of queues) {
    metrics.count('messages_received_total', { queue }, 0);
    metrics.expect('message_age_seconds', { queue });
    metrics.expect('message_handler_duration_seconds', { queue, outcome: 'done' });
    for (const outcome of outcomes) metrics.count('messages_handled_total', { queue, outcome }, 0);
  }
}

const outcomes: readonly Outcome['kind'][] = ['done', 'duplicate', 'retry', 'postpone', 'dead'];

/** Asks Redis before each scrape whether it answers this process, and how long that takes. */
export function measureState(state: Pick<State, 'ready'>, metrics: Metrics): void {
  metrics.beforeScrape(async () => {
    const start = performance.now();
    const answers = await state.ready();
    metrics.set('redis_connected', {}, answers ? 1 : 0);
    metrics.set('redis_round_trip_seconds', {}, (performance.now() - start) / 1000);
  });
}

/**
 * Exposes what became of the messages of the queues a service consumes. Every process of the service says the same,
 * since the ledger counts for all of them.
 */
export function exposeAccounts(ledger: State['ledger'], queues: readonly string[], metrics: Metrics): void {
  if (queues.length === 0) return;
  metrics.beforeScrape(async () => {
    const accounts = await ledger.accounts();
    for (const queue of queues) {
      for (const [state, count] of Object.entries(accounts[queue] ?? {})) {
        metrics.set('messages_accounted', { queue, state }, count);
      }
    }
  });
}

/** Makes liveness red while a handler is stuck; the broker being away never does. */
export function watchHandlers<P extends Platform>(messaging: Messaging<P>, liveness: Liveness): void {
  liveness.add('handlers', () => {
    const stuck = messaging.health().queues.filter((queue) => queue.stuck > 0);
    if (stuck.length === 0) return undefined;
    return stuck
      .map(({ queue, stuck: count, oldestInFlightMs }) => {
        const seconds = Math.round(oldestInFlightMs / 1000);
        return `${count} message(s) of ${queue} are stuck, the oldest for ${seconds} s`;
      })
      .join('; ');
  });
}

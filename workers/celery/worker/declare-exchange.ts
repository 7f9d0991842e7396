import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { tryOnChannel } from '../../messaging/try-on-channel.ts';

/** An exchange that Celery's programs declare too. */
export interface SharedExchange {
  readonly name: string;
  readonly type: 'direct' | 'fanout' | 'topic';
  readonly durable: boolean;
}

/**
 * Declares an exchange; one that exists with other properties is used as it is.
 * @throws PlatformError BROKER_UNAVAILABLE
 */
export async function declareExchange(
  connection: BrokerConnection,
  { name, type, durable }: SharedExchange,
  log: Log,
): Promise<void> {
  const refusal = await tryOnChannel(connection, (channel) =>
    channel.assertExchange(name, type, { durable }),
  );
  if (refusal !== undefined) {
    log.warn(
      { exchange: name, reason: refusal.message },
      `exchange ${name} could not be declared and is used as it is`,
    );
  }
}

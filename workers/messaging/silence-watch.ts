import type { Socket } from 'node:net';

/** Looks at a socket per heartbeat. */
const looksPerHeartbeat = 4;

/** A connection is given up after this many looks in a row that saw nothing: one and three quarter heartbeats. */
const silentLooks = 7;

/**
 * Calls back once when nothing arrived on a socket for almost two heartbeats, as happens when the other side
 * vanished without a word (a half-open connection). A living RabbitMQ sends something every half heartbeat.
 *
 * amqplib's own check needs up to three heartbeats, and then leaves the socket open. Looks are counted, not
 * seconds: after a handler kept the event loop busy for long, what arrived meanwhile is seen before the next look.
 *
 * @returns a function that ends the watch
 */
export function watchForSilence(
  socket: Pick<Socket, 'bytesRead'>,
  heartbeatMs: number,
  onSilence: () => void,
): () => void {
  let received = socket.bytesRead;
  let silent = 0;
  const timer = setInterval(() => {
    silent = socket.bytesRead === received ? silent + 1 : 0;
    received = socket.bytesRead;
    if (silent < silentLooks) return;
    clearInterval(timer);
    onSilence();
  }, heartbeatMs / looksPerHeartbeat);
  return () => clearInterval(timer);
}

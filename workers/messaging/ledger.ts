/**
 * Remembers what became of each message, so that a message takes effect once and the accounts of a queue close.
 * Every method is idempotent: calling it again for the same message changes nothing and counts nothing.
 */
export interface MessageLedger {
  /** The broker confirmed the message. Counts it as published unless that was counted already. */
  published(queue: string, messageId: string): Promise<void>;
  /**
   * A consumer received the message. A message the ledger does not know (its publisher is foreign, or crashed
   * after the confirm) is counted as published first.
   * @returns `settled` when the message is done or dead already, else `open`
   */
  received(queue: string, messageId: string): Promise<'open' | 'settled'>;
  /** The message is done, or rests in its dead-letter queue. */
  settled(queue: string, messageId: string, as: 'done' | 'dead'): Promise<void>;
  /**
   * A dead letter is about to go back to its work queue: a message settled as dead is open and in flight again.
   * A message that is done, open or unknown stays as it is, so that a second copy of it cannot take effect again.
   */
  reopened(queue: string, messageId: string): Promise<void>;
}

/** A mail, an SMS or a chat message that was caught. */
export interface CaughtMessage {
  readonly channel: 'mail' | 'sms' | 'chat';
  readonly to: readonly string[];
  readonly from?: string;
  readonly subject?: string;
  readonly text: string;
  /** What names the message over repetitions: its Message-ID or Idempotency-Key. */
  readonly key: string | null;
  readonly receivedAt: string;
}

/** Which messages to list. */
export interface MessageFilter {
  /** An address, exactly. */
  readonly to?: string | undefined;
  readonly channel?: CaughtMessage['channel'] | undefined;
  /** An order id. */
  readonly about?: string | undefined;
}

/** Numbers over all messages, those no longer held included. */
export interface CaughtSummary {
  readonly mails: number;
  readonly sms: number;
  /** Messages whose key had come before. */
  readonly duplicates: number;
}

const longestText = 16 * 1024;

/** The newest messages, and counts of all. */
export class CaughtMessages {
  readonly #capacity: number;
  readonly #keyCapacity: number;
  readonly #messages: CaughtMessage[] = [];
  readonly #keys = new Set<string>();
  #summary: CaughtSummary = { mails: 0, sms: 0, duplicates: 0 };

  /**
   * @param capacity messages held
   * @param keyCapacity keys remembered, the newest; a repetition of an older one counts as new
   */
  constructor(capacity = 2_000, keyCapacity = 100_000) {
    this.#capacity = capacity;
    this.#keyCapacity = keyCapacity;
  }

  add(message: CaughtMessage): void {
    const isDuplicate = this.#isRepeated(message);
    const { mails, sms, duplicates } = this.#summary;
    this.#summary = {
      mails: mails + (message.channel === 'mail' ? 1 : 0),
      sms: sms + (message.channel === 'sms' ? 1 : 0),
      duplicates: duplicates + (isDuplicate ? 1 : 0),
    };
    this.#messages.push({ ...message, text: message.text.slice(0, longestText) });
    if (this.#messages.length > this.#capacity) this.#messages.shift();
  }

  /** The messages that pass the filter, newest first. */
  list({ to, channel, about }: MessageFilter = {}): readonly CaughtMessage[] {
    return this.#messages
      .filter(
        (message) =>
          (to === undefined || message.to.includes(to)) &&
          (channel === undefined || message.channel === channel) &&
          (about === undefined || isAbout(message, about)),
      )
      .reverse();
  }

  get summary(): CaughtSummary {
    return this.#summary;
  }

  #isRepeated({ channel, key }: CaughtMessage): boolean {
    if (key === null) return false;
    const name = `${channel} ${key}`;
    if (this.#keys.has(name)) return true;
    this.#keys.add(name);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#keyCapacity && oldest !== undefined) this.#keys.delete(oldest);
    return false;
  }
}

/** The keys of our notifications begin with the order id; order ids contain none of the separators. */
function isAbout({ key }: CaughtMessage, orderId: string): boolean {
  return key !== null && key.split(/[:.@]/)[0] === orderId;
}

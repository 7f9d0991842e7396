import type { Publisher } from '../../workers/messaging/publishing.ts';
import type { OrderStatusChanged } from '../../workers/platform/payloads.ts';
import type { SmartEats } from '../../workers/platform/platform.ts';

/** Keeps what is published, by message id, as the broker and its consumers would see it. */
export class RecordingPublisher implements Publisher<SmartEats> {
  readonly messages = new Map<string, unknown>();
  readonly announced: { readonly event: string; readonly change: OrderStatusChanged }[] = [];

  publish: Publisher<SmartEats>['publish'] = async (queue, payload, { messageId }) => {
    const text = JSON.stringify({ queue, payload });
    const earlier = this.messages.get(messageId);
    // The same id with other content would be two intents under one name.
    if (earlier !== undefined && earlier !== text)
      throw new Error(`${messageId} changed: ${earlier} ${text}`);
    this.messages.set(messageId, text);
  };

  announce: Publisher<SmartEats>['announce'] = async (event, payload) => {
    this.announced.push({ event, change: payload });
  };

  /** The messages about one order, by id. */
  about(orderId: string): readonly string[] {
    return [...this.messages].filter(([id]) => id.includes(orderId)).map(([id, text]) => `${id} ${text}`);
  }

  /** Each event about one order once, as listeners that tell repetitions by their sequence see them. */
  eventsAbout(orderId: string): readonly string[] {
    const events = this.announced
      .filter(({ change }) => change.orderId === orderId)
      .map(({ event, change }) => `${event} ${change.sequence} ${change.status}`);
    return [...new Set(events)].sort();
  }
}

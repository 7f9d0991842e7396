import type { Messaging } from '../../messaging/runtime.ts';
import type { OrderStatusChanged } from '../../platform/payloads.ts';
import type { SmartEats } from '../../platform/platform.ts';

type Listener = (change: OrderStatusChanged) => void;

interface Feed {
  readonly listeners: Set<Listener>;
  readonly end: () => Promise<void>;
}

/** What happens to the orders of one restaurant, to all who follow it: they share one binding on the broker. */
export class RestaurantFeeds {
  readonly #messaging: Messaging<SmartEats>;
  readonly #feeds = new Map<string, Feed>();

  constructor(messaging: Messaging<SmartEats>) {
    this.#messaging = messaging;
  }

  /** @returns ends it; no call follows */
  follow(restaurantId: string, listener: Listener): () => Promise<void> {
    const feed = this.#feeds.get(restaurantId) ?? this.#begin(restaurantId);
    feed.listeners.add(listener);
    return async () => {
      feed.listeners.delete(listener);
      if (feed.listeners.size > 0 || this.#feeds.get(restaurantId) !== feed) return;
      this.#feeds.delete(restaurantId);
      await feed.end();
    };
  }

  #begin(restaurantId: string): Feed {
    const listeners = new Set<Listener>();
    const tell = (change: OrderStatusChanged) => {
      for (const listener of listeners) listener(change);
    };
    const end = this.#messaging.listen('order_status_of_restaurant', tell, {
      pattern: `order.${restaurantId}.*`,
    });
    const feed = { listeners, end };
    this.#feeds.set(restaurantId, feed);
    return feed;
  }
}

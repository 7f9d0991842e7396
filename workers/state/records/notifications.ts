/** The right to send one notification. It ends by itself after a while, in case its holder died. */
export interface NotificationClaim {
  /**
   * Keeps others away for longer, while the claim is still held; one that has ended stays ended.
   * @param forMs from now, in milliseconds
   */
  renew(forMs: number): Promise<void>;
  /** Lets others send the notification, which was not sent. */
  giveBack(): Promise<void>;
}

/** Remembers which notifications were sent over which channel. */
export interface NotificationStore {
  /**
   * Claims a notification that was not sent and that nobody else has claimed.
   * @param forMs how long others leave it alone, in milliseconds
   * @returns the claim; `sent` where it was sent before, `under way` where somebody else has a claim
   */
  claim(notificationId: string, forMs: number): Promise<NotificationClaim | 'sent' | 'under way'>;
  markSent(notificationId: string): Promise<void>;
}

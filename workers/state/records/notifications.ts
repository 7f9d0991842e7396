/** Remembers which notifications were sent over which channel. */
export interface NotificationStore {
  wasSent(notificationId: string): Promise<boolean>;
  markSent(notificationId: string): Promise<void>;
}

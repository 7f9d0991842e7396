/**
 * Knows which customers have not ordered for a while, and which were reminded. A customer is idle since the last order,
 * or since the account was made; a reminder moves that moment forward, so that whoever was reminded is not idle for a
 * while. There is nothing else to remember: what is left to do after a crash is who is still idle.
 */
export interface ReminderStore {
  /** Ids of customers who have been idle since `since` or longer, longest first; none that unsubscribed in time. */
  idle(since: Date, limit: number): Promise<readonly string[]>;
  countIdle(since: Date): Promise<number>;
  /**
   * Claims the reminder of a customer who is idle since `since` or longer, and who from now on counts as idle since
   * `next`. One of many who ask gets it, and nobody does for a customer who unsubscribed.
   */
  claim(userId: string, since: Date, next: Date): Promise<boolean>;
  /** Makes a customer idle since `since` again whose reminder was claimed with `next` and could not be sent. */
  giveBack(userId: string, next: Date, since: Date): Promise<void>;
  /** Ends reminders of a customer, for good; orders change nothing about it. */
  unsubscribe(userId: string): Promise<void>;
  isUnsubscribed(userId: string): Promise<boolean>;
}

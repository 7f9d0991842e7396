import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Makes and checks the links that end reminders. They are valid for ever, since an old mail must still be a way out,
 * and do nothing but that; whoever has one can only end the reminders of one customer.
 */
export class UnsubscribeLinks {
  readonly #secret: string;
  readonly #publicUrl: string;

  /** @param publicUrl where customers reach the gateway */
  constructor(secret: string, publicUrl: string) {
    this.#secret = secret;
    this.#publicUrl = publicUrl.replace(/\/+$/, '');
  }

  linkFor(userId: string): string {
    return `${this.#publicUrl}/unsubscribe?${new URLSearchParams({ user: userId, signature: this.#sign(userId) })}`;
  }

  /** Whether a signature is that of the customer's own link. */
  isSigned(userId: string, signature: string): boolean {
    const [right, given] = [Buffer.from(this.#sign(userId)), Buffer.from(signature)];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #sign(userId: string): string {
    return createHmac('sha256', this.#secret).update(`unsubscribe\n${userId}`).digest('base64url');
  }
}

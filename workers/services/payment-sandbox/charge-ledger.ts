import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { testCards } from './cards.ts';
import { type Charge, paymentIntentIdOf } from './charge.ts';
import { ChargeJournal } from './charge-journal.ts';

/** A valid request to charge a card. */
export interface ChargeRequest {
  readonly orderId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
}

/**
 * What became of a request:
 * - `charged`: the card was charged or declined just now
 * - `replayed`: the same request came before under its key; this is what became of it then
 * - `key-in-use`: a request with this key is being executed at this moment
 * - `key-reused`: a different request came before under this key
 */
export type ChargeResult =
  | { readonly kind: 'charged' | 'replayed'; readonly charge: Charge }
  | { readonly kind: 'key-in-use' }
  | { readonly kind: 'key-reused' };

/**
 * Every charge the sandbox made, and the rules of idempotency keys
 * (Stripe API reference, "Idempotent requests"): the result of a request is kept under its key, a decline as
 * well as a success, and a request that never began to execute leaves no trace.
 */
export class ChargeLedger {
  readonly #journal: ChargeJournal | undefined;
  readonly #charges: Charge[];
  readonly #byKey = new Map<string, Charge>();
  readonly #executing = new Set<string>();
  #replayed = 0;

  private constructor(journal: ChargeJournal | undefined, charges: readonly Charge[]) {
    this.#journal = journal;
    this.#charges = [...charges];
    for (const charge of charges) this.#remember(charge);
  }

  /** @param path where the charges are kept; in memory only unless given */
  static async open(path: string | undefined): Promise<ChargeLedger> {
    if (path === undefined) return new ChargeLedger(undefined, []);
    const { journal, charges } = await ChargeJournal.open(path);
    return new ChargeLedger(journal, charges);
  }

  /**
   * Charges a card once for each idempotency key. Resolves when the charge is on the disk.
   *
   * @param options.delayMs how long the execution takes at least
   */
  async charge(request: ChargeRequest, options: { readonly delayMs?: number } = {}): Promise<ChargeResult> {
    const key = request.idempotencyKey;
    if (key === null) return { kind: 'charged', charge: await this.#execute(request, options.delayMs) };
    if (this.#executing.has(key)) return { kind: 'key-in-use' };
    const earlier = this.#byKey.get(key);
    if (earlier !== undefined) {
      if (earlier.fingerprint !== request.fingerprint) return { kind: 'key-reused' };
      this.#replayed += 1;
      return { kind: 'replayed', charge: earlier };
    }
    this.#executing.add(key);
    try {
      return { kind: 'charged', charge: await this.#execute(request, options.delayMs) };
    } finally {
      this.#executing.delete(key);
    }
  }

  /** All charges, oldest first. */
  get charges(): readonly Charge[] {
    return this.#charges;
  }

  findByPaymentIntent(paymentIntentId: string): Charge | undefined {
    return this.#charges.find(({ chargeId }) => paymentIntentIdOf(chargeId) === paymentIntentId);
  }

  ofOrder(orderId: string): readonly Charge[] {
    return this.#charges.filter((charge) => charge.orderId === orderId);
  }

  /** Sums over all charges; `replayed` counts since the start, `doubleCharged` the orders paid more than once. */
  totals(): { succeeded: number; declined: number; replayed: number; doubleCharged: number } {
    const succeeded = this.#charges.filter(({ status }) => status === 'succeeded');
    const timesPaid = new Map<string, number>();
    for (const { orderId } of succeeded) {
      if (orderId !== null) timesPaid.set(orderId, (timesPaid.get(orderId) ?? 0) + 1);
    }
    return {
      succeeded: succeeded.length,
      declined: this.#charges.length - succeeded.length,
      replayed: this.#replayed,
      doubleCharged: [...timesPaid.values()].filter((times) => times > 1).length,
    };
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  async #execute(request: ChargeRequest, delayMs = 0): Promise<Charge> {
    if (delayMs > 0) await delay(delayMs);
    const charge: Charge = {
      ...request,
      chargeId: `ch_${randomBytes(12).toString('hex')}`,
      status: testCards.get(request.paymentMethod)?.status ?? 'declined',
      at: new Date().toISOString(),
    };
    await this.#journal?.append(charge);
    this.#charges.push(charge);
    this.#remember(charge);
    return charge;
  }

  #remember(charge: Charge): void {
    if (charge.idempotencyKey !== null) this.#byKey.set(charge.idempotencyKey, charge);
  }
}

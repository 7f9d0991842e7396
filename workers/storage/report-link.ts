import { createHmac, timingSafeEqual } from 'node:crypto';
import { PlatformError } from '../platform/errors.ts';

/** Which report of which restaurant. */
export interface ReportName {
  readonly restaurantId: string;
  readonly reportId: string;
}

/** What a link says to be let through; its own query parameters. */
export interface LinkProof {
  /** Seconds since 1970. */
  readonly expires: number;
  readonly signature: string;
}

/** How long a link is valid, in seconds. */
const validSeconds = 7 * 86_400;

/** The key of a report's file in the storage. */
export function reportKey({ restaurantId, reportId }: ReportName): string {
  return `reports/${restaurantId}/${reportId}.pdf`;
}

/**
 * Makes and checks links to reports. Whoever has the secret can let anybody read any report, until the link expires.
 * A link is for one report of one restaurant and cannot be altered.
 */
export class ReportLinks {
  readonly #secret: string | undefined;
  readonly #publicUrl: string;

  /**
   * @param secret without one there are no links
   * @param publicUrl where restaurants reach the gateway; links are paths unless given
   */
  constructor(secret: string | undefined, publicUrl = '') {
    this.#secret = secret;
    this.#publicUrl = publicUrl;
  }

  /**
   * The address of a report, valid for a week.
   * @throws PlatformError REPORT_LINKS_UNAVAILABLE
   */
  linkTo(name: ReportName, now: Date): { readonly url: string; readonly expiresAt: Date } {
    const expires = Math.floor(now.getTime() / 1_000) + validSeconds;
    const path = `/restaurants/${name.restaurantId}/reports/${name.reportId}`;
    const query = new URLSearchParams({ expires: String(expires), signature: this.#sign(name, expires) });
    return {
      url: `${this.#publicUrl.replace(/\/+$/, '')}${path}?${query}`,
      expiresAt: new Date(expires * 1_000),
    };
  }

  /** @throws PlatformError REPORT_LINK_INVALID, REPORT_LINK_EXPIRED or REPORT_LINKS_UNAVAILABLE */
  check(name: ReportName, { expires, signature }: LinkProof, now: Date): void {
    const right = Buffer.from(this.#sign(name, expires));
    const given = Buffer.from(signature);
    // The signature first: an altered link shall not learn whether its time would have been right.
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new PlatformError('REPORT_LINK_INVALID');
    }
    if (now.getTime() >= expires * 1_000) throw new PlatformError('REPORT_LINK_EXPIRED');
  }

  #sign({ restaurantId, reportId }: ReportName, expires: number): string {
    if (this.#secret === undefined) throw new PlatformError('REPORT_LINKS_UNAVAILABLE');
    // Ids have no line breaks, so that no two names are signed as the same text.
    const text = ['report', restaurantId, reportId, expires].join('\n');
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

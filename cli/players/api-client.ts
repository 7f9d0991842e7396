import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';

/** What every refusal of the API looks like. */
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export interface CallOptions<Schema extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The shape of a good answer. */
  readonly answer: Schema;
}

/** Statuses after which the same request may succeed later. */
const temporary = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Calls the platform's HTTP API as one user, with the patience of a phone app: what may succeed later is sent again.
 * Requests are safe to repeat because the API is idempotent.
 */
export class ApiClient {
  readonly baseUrl: string;
  readonly #token: string | undefined;
  readonly #signal: AbortSignal;
  readonly #onRepeat: () => void;

  constructor(
    baseUrl: string,
    options: { readonly token?: string; readonly signal: AbortSignal; readonly onRepeat?: () => void },
  ) {
    this.baseUrl = baseUrl;
    this.#token = options.token;
    this.#signal = options.signal;
    // Every request under way listens to it.
    setMaxListeners(0, this.#signal);
    this.#onRepeat = options.onRepeat ?? (() => {});
  }

  /** The headers that say who asks. */
  get authorization(): Readonly<Record<string, string>> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  /** The same API as another user. */
  as(token: string): ApiClient {
    return new ApiClient(this.baseUrl, { token, signal: this.#signal, onRepeat: this.#onRepeat });
  }

  /**
   * Sends a request until it is answered for good.
   * @throws PlatformError REQUEST_REFUSED, and the signal's reason when the client is stopped
   */
  async call<Schema extends z.ZodType>(
    path: string,
    options: CallOptions<Schema>,
  ): Promise<z.output<Schema>> {
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.#send(path, options).catch(() => undefined);
      this.#signal.throwIfAborted();
      if (response?.ok) return options.answer.parse(await response.json());
      if (response !== undefined && !temporary.has(response.status)) throw await refusalOf(response);
      await response?.body?.cancel();
      this.#onRepeat();
      await delay(pauseMs(response, attempt), undefined, { signal: this.#signal });
    }
  }

  #send(path: string, options: CallOptions<z.ZodType>): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      method: options.method ?? 'GET',
      headers: {
        ...this.authorization,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(15_000)]),
    });
  }
}

/** As long as the answer asks for, else a doubling pause of at most two seconds. */
function pauseMs(response: Response | undefined, attempt: number): number {
  const asked = Number(response?.headers.get('retry-after'));
  return asked > 0 ? asked * 1_000 : Math.min(2_000, 100 * 2 ** attempt);
}

async function refusalOf(response: Response): Promise<PlatformError> {
  const { pathname } = new URL(response.url);
  const refusal = Refusal.safeParse(await response.json().catch(() => undefined));
  const { code, message } = refusal.data?.error ?? { code: 'no code', message: response.statusText };
  return new PlatformError('REQUEST_REFUSED', `${pathname}: ${response.status} ${code}: ${message}`);
}

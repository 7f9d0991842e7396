import { ErrorBody } from '../../workers/services/host/error-response.ts';

/** What a request of a test says beyond its method and path; a `body` is sent as JSON, `text` as it is. */
export interface RequestOptions {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body where it was JSON. */
  readonly json: unknown;
}

export type Call = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

/** Calls a server at a base URL, as a client without any knowledge of it would. */
export function httpClient(base: string): Call {
  return async (method, path, { token, headers = {}, body, text } = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(text === undefined ? {} : { body: text }),
    });
    const answered = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      json: isJson && answered !== '' ? JSON.parse(answered) : undefined,
    };
  };
}

/** The status and the error code of an answer, for comparing both at once. */
export function failureOf(answer: Answer): readonly [status: number, code: string] {
  return [answer.status, errorOf(answer).code];
}

/** The error an answer carries; fails where the answer does not have the shape of every error. */
export function errorOf(answer: Answer): ErrorBody['error'] {
  return ErrorBody.parse(answer.json).error;
}

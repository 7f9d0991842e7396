/** An address of the broker as Celery takes it: `pyamqp` is its name for AMQP, and what is usual may be left out. */
export function brokerUrl(text = 'amqp://'): string {
  const url = completed(text.replace(/^pyamqp:/, 'amqp:'));
  if (url.username === '') url.username = 'guest';
  if (url.password === '') url.password = 'guest';
  return url.href;
}

/** An address of the result backend as Celery takes it. */
export function backendUrl(text = 'redis://'): string {
  return completed(text).href;
}

/** `redis://` alone, or with a path only, is this machine. */
function completed(text: string): URL {
  return new URL(text.replace(/^([a-z]+:\/\/)(?=\/|$)/, '$1localhost'));
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import {
  type ConnectionError,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { PlatformError } from '../../platform/errors.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { callerError, errorResponse } from './error-response.ts';
import { traceRequests } from './request-trace.ts';
import type { App } from './service-module.ts';

/** Largest request body a service takes unless a route says otherwise, in bytes. */
export const bodyLimitBytes = 64 * 1024;

/** How long a client may take to send its request, in milliseconds; answering may take longer. */
const receiveWithinMs = 30_000;

const saneRequestId = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * The HTTP server every service has: zod validation, request ids, metrics by route, and every error answered in
 * one shape with a code of the catalogue.
 *
 * @param options.trustProxy addresses of the proxies whose X-Forwarded-For is believed; none unless given
 */
export function createHttpServer(options: {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly trustProxy?: string | undefined;
}): App {
  const { log, metrics, trustProxy } = options;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    requestTimeout: receiveWithinMs,
    trustProxy: trustProxy ?? false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    // Requests that arrive while the service stops are refused by the host, in the shape of every other error.
    return503OnClosing: false,
    // By then every request has been answered; what is left are connections that never sent one.
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
    clientErrorHandler: answerUnreadable,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) =>
    answerError(new PlatformError('ROUTE_NOT_FOUND'), request, reply),
  );
  acceptJsonOnly(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
  });
  // Before all that measures and logs, so that both know the trace.
  traceRequests(app);
  measure(app, metrics);
  return app;
}

/** The caller's request id where it is safe to log and to send back, else a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) ? given : randomUUID();
}

/** A body is JSON or there is none; an empty one counts as none, whatever its content type. */
function acceptJsonOnly(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    // parseAs 'string' gives a string; the parser's type does not know that.
    else parseJson(request, body as string, done);
  });
}

/** Counts and times each request under its route's pattern, so that labels stay bounded. */
function measure(app: App, metrics: Metrics): void {
  const record = (request: FastifyRequest, reply: FastifyReply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: String(reply.statusCode),
    };
    metrics.count('http_requests_total', labels);
    metrics.observe('http_request_duration_seconds', labels, reply.elapsedTime / 1000);
  };
  const isStream = (reply: FastifyReply) =>
    String(reply.getHeader('content-type') ?? '').startsWith('text/event-stream');
  // A stream is answered once it begins: it lasts as long as its reader likes.
  app.addHook('onSend', async (request, reply) => {
    if (isStream(reply)) record(request, reply);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (!isStream(reply)) record(request, reply);
  });
}

function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = callerError(thrown, request.routeOptions.bodyLimit ?? bodyLimitBytes);
  const { status, headers, body } = errorResponse(error, request.id);
  if (status >= 500) {
    const level = status === 503 ? 'warn' : 'error';
    request.log[level]({ err: thrown, requestId: request.id, code: error.code }, 'request failed');
  }
  // The routes' response schemas are for what they return; an error has its own shape everywhere.
  reply
    .code(status)
    .headers(headers)
    .type('application/json; charset=utf-8')
    .serializer((value) => JSON.stringify(value))
    .send(body);
}

/** Answers what is not HTTP, or too slow or too large to be read: Fastify has no request to answer then. */
function answerUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = errorResponse(
    new PlatformError('REQUEST_INVALID', 'The request could not be read as HTTP.'),
    randomUUID(),
  );
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${status} Bad Request`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}

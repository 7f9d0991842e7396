import replyFrom from '@fastify/reply-from';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Account, LoginRequest, LoginResponse, RegisterRequest } from '../auth/contract.ts';
import { traceHeaders } from '../host/request-trace.ts';
import type { App } from '../host/service-module.ts';
import { bodyErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import type { RateLimits } from './rate-limits.ts';

const tags = ['Accounts'];

/** How long the auth service may take to answer, in milliseconds; a burst of log-ins waits its turn there. */
const answerWithinMs = 15_000;

/** Accounts and sessions: the auth service answers, and the gateway passes its answers on. */
export async function addAuthRoutes(
  app: App,
  authServiceUrl: string,
  callers: Callers,
  rateLimits: RateLimits,
): Promise<void> {
  await app.register(replyFrom, {
    base: authServiceUrl,
    undici: { connections: 32, headersTimeout: answerWithinMs, bodyTimeout: answerWithinMs },
    // The caller decides whether to repeat a request.
    retryMethods: [],
    disableRequestLogging: true,
    destroyAgent: true,
  });

  app.post(
    '/auth/register',
    {
      schema: {
        summary: 'Create an account',
        tags,
        body: RegisterRequest,
        response: { 201: Account, ...failures(...bodyErrors, 'AUTH_EMAIL_TAKEN') },
      },
    },
    async (_request, reply) => forward(reply),
  );

  app.post(
    '/auth/login',
    {
      schema: {
        summary: 'Log in',
        tags,
        body: LoginRequest,
        response: { 200: LoginResponse, ...failures(...bodyErrors, 'AUTH_CREDENTIALS_WRONG') },
      },
      preHandler: async (request) => rateLimits.takeLoginAttempt(request, request.body.email),
    },
    async (_request, reply) => forward(reply),
  );

  app.post(
    '/auth/logout',
    {
      onRequest: callers.only(),
      schema: {
        summary: 'End the session',
        tags,
        security: callers.security,
        response: {
          204: z.undefined().describe('The token is no longer valid'),
          ...failures(...bodyErrors, 'AUTH_SESSION_INVALID'),
        },
      },
    },
    async (_request, reply) => forward(reply),
  );

  app.get(
    '/auth/me',
    {
      onRequest: callers.only(),
      schema: {
        summary: 'Read your account',
        tags,
        security: callers.security,
        response: { 200: Account, ...failures('AUTH_SESSION_INVALID') },
      },
    },
    async (_request, reply) => forward(reply),
  );
}

function forward(reply: FastifyReply): FastifyReply {
  return reply.from(undefined, {
    rewriteRequestHeaders: ({ id }, headers) => ({ ...headers, ...traceHeaders(), 'x-request-id': id }),
    onError: (failed, { error }) =>
      failed.send(new PlatformError('SERVICE_UNAVAILABLE', undefined, { cause: error })),
  });
}

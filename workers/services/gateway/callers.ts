import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../platform/errors.ts';
import type { Role } from '../../state/records/users.ts';
import type { Session, Sessions } from '../../state/sessions.ts';
import { bearerTokenOf } from '../host/bearer-token.ts';
import type { App } from '../host/service-module.ts';

type Guard = (request: FastifyRequest) => Promise<void>;

/** Who sends a request, and who may send it. A guard runs before the body is read. */
export interface Callers {
  /** The OpenAPI security requirement of a guarded route. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** The session of a request, where it has a valid one. */
  find(request: FastifyRequest): Session | undefined;
  /** @throws PlatformError AUTH_SESSION_INVALID */
  of(request: FastifyRequest): Session;
  /** Lets users of these roles pass, and every signed-in user where none is named. */
  only(...roles: readonly Role[]): Guard;
  /** Lets the account of the restaurant that the path names pass. */
  readonly ownerOnly: Guard;
}

/** Looks up the session of each request of this scope that carries a token. */
export function identifyCallers(app: App, sessions: Sessions): Callers {
  const found = new WeakMap<FastifyRequest, Session>();
  app.addHook('onRequest', async (request) => {
    const token = bearerTokenOf(request);
    const session = token === undefined ? undefined : await sessions.verify(token);
    if (session !== undefined) found.set(request, session);
  });
  const of = (request: FastifyRequest): Session => {
    const session = found.get(request);
    if (session === undefined) throw new PlatformError('AUTH_SESSION_INVALID');
    return session;
  };
  return {
    security: [{ bearer: [] }],
    find: (request) => found.get(request),
    of,
    only: (...roles) => {
      return async (request) => {
        const { role } = of(request);
        if (roles.length > 0 && !roles.includes(role)) throw new PlatformError('AUTH_FORBIDDEN');
      };
    },
    ownerOnly: async (request) => {
      const { role, restaurantId } = of(request);
      // Every route with this guard has the parameter in its path.
      const { restaurantId: named } = request.params as { readonly restaurantId: string };
      if (role !== 'restaurant' || restaurantId !== named) throw new PlatformError('AUTH_FORBIDDEN');
    },
  };
}

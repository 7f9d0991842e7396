import type { FastifyRequest } from 'fastify';

/** The token of an `Authorization: Bearer <token>` header (RFC 6750, section 2.1), where there is one. */
export function bearerTokenOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { User } from '../../state/records/users.ts';
import { bearerTokenOf } from '../host/bearer-token.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { Account, LoginRequest, LoginResponse, RegisterRequest } from './contract.ts';
import { createPasswords } from './passwords.ts';

/** Accounts, passwords and sessions. */
export const authService: ServiceModule<SmartEats, 'auth-service'> = {
  routes: (app, { state, metrics, log }) => {
    const { users } = state.stores;
    const { sessions } = state;
    const passwords = createPasswords();

    metrics.beforeScrape(async () => metrics.set('active_users', {}, await sessions.countActive()));

    app.post(
      '/auth/register',
      { schema: { body: RegisterRequest, response: { 201: Account } } },
      async ({ body: { password, ...account } }, reply) => {
        // Known addresses are refused before the password is hashed; `create` decides for good.
        if ((await users.findByEmail(account.email)) !== undefined) throw emailTaken();
        const user: User = {
          userId: randomUUID(),
          ...account,
          passwordHash: await passwords.hash(password),
          createdAt: new Date().toISOString(),
        };
        if (!(await users.create(user))) throw emailTaken();
        log.info({ userId: user.userId, role: user.role }, 'account created');
        return reply.code(201).send(accountOf(user));
      },
    );

    app.post(
      '/auth/login',
      { schema: { body: LoginRequest, response: { 200: LoginResponse } } },
      async ({ body }, reply) => {
        const user = await users.findByEmail(body.email);
        const correct = await passwords.verify(body.password, user?.passwordHash);
        if (user === undefined || !correct) throw new PlatformError('AUTH_CREDENTIALS_WRONG');
        const { token, expiresAt } = await sessions.create(user.userId, {
          role: user.role,
          restaurantId: user.restaurantId,
        });
        return reply
          .header('cache-control', 'no-store')
          .send({ token, expiresAt: expiresAt.toISOString(), account: accountOf(user) });
      },
    );

    app.post('/auth/logout', { schema: { response: { 204: z.undefined() } } }, async (request, reply) => {
      const token = bearerTokenOf(request);
      if (token === undefined || !(await sessions.revoke(token))) {
        throw new PlatformError('AUTH_SESSION_INVALID');
      }
      return reply.code(204).send();
    });

    app.get('/auth/me', { schema: { response: { 200: Account } } }, async (request) => {
      const token = bearerTokenOf(request);
      const session = token === undefined ? undefined : await sessions.verify(token);
      const user = session && (await users.find(session.userId));
      if (user === undefined) throw new PlatformError('AUTH_SESSION_INVALID');
      return accountOf(user);
    });
  },
};

/** The account without what only this service may know. */
function accountOf({ passwordHash, createdAt, ...account }: User): Account {
  return account;
}

function emailTaken(): PlatformError {
  return new PlatformError('AUTH_EMAIL_TAKEN');
}

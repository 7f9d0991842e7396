import { z } from 'zod';
import { html } from '../../html/html.ts';
import { page, pageHeaders } from '../../html/page.ts';
import { UnsubscribeLinks } from '../../notifications/unsubscribe-link.ts';
import { PlatformError } from '../../platform/errors.ts';
import { Identifier } from '../../platform/order.ts';
import type { State } from '../../state/state.ts';
import type { App } from '../host/service-module.ts';
import { bodyErrors, failures } from './api-errors.ts';

const Link = z.object({ user: Identifier, signature: z.string().max(100) });

/**
 * Ends reminders, for whoever follows the link of one; nobody has to sign in for that. Following a link changes nothing,
 * since programs that look for viruses follow links too: the page has a button, and mail programs that offer one of
 * their own send what it sends (RFC 8058).
 *
 * @param secret what the links are signed with; without it no link is right
 */
export function addUnsubscribeRoutes(
  app: App,
  { stores }: Pick<State, 'stores'>,
  secret: string | undefined,
): void {
  const links = secret === undefined ? undefined : new UnsubscribeLinks(secret, '');
  const userOf = ({ user, signature }: z.output<typeof Link>): string => {
    if (links?.isSigned(user, signature) !== true) throw new PlatformError('UNSUBSCRIBE_LINK_INVALID');
    return user;
  };
  const shared = { tags: ['Accounts'], querystring: Link };
  const answer = { description: 'A page for people', content: { 'text/html': { schema: z.string() } } };

  app.register(async (scope) => {
    // A button of a page and RFC 8058 send forms; what is in them is known.
    for (const form of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
      scope.addContentTypeParser(form, { parseAs: 'string' }, (_request, _body, done) =>
        done(null, undefined),
      );
    }

    const asking = {
      summary: 'Ask whether reminders are to end, by the link of one',
      ...shared,
      response: { 200: answer, ...failures('REQUEST_INVALID', 'UNSUBSCRIBE_LINK_INVALID') },
    };
    scope.get('/unsubscribe', { schema: asking }, async (request, reply) => {
      // Checked by the schema of this route; a scope of its own does not carry the types on.
      const link = Link.parse(request.query);
      const isUnsubscribed = await stores.reminders.isUnsubscribed(userOf(link));
      return reply.headers(pageHeaders).send(isUnsubscribed ? done() : question());
    });

    const ending = {
      summary: 'End reminders, by the link of one',
      ...shared,
      response: { 200: answer, ...failures(...bodyErrors, 'UNSUBSCRIBE_LINK_INVALID') },
    };
    scope.post('/unsubscribe', { schema: ending }, async (request, reply) => {
      const link = Link.parse(request.query);
      await stores.reminders.unsubscribe(userOf(link));
      return reply.headers(pageHeaders).send(done());
    });
  });
}

/** The form has no address, so it is sent to that of the page, with its signature. */
function question(): string {
  return page(
    'No more reminders?',
    html`<p>We will still tell you about orders that you place.</p>
<form method="post"><button type="submit">No more reminders</button></form>`,
  );
}

function done(): string {
  return page(
    'No more reminders',
    html`<p>You will not be reminded any more. We will still tell you about orders that you place.</p>`,
  );
}

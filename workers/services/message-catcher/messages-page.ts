import { html } from '../../html/html.ts';
import { page } from '../../html/page.ts';
import type { CaughtMessage, CaughtMessages } from './caught-messages.ts';

const newestShown = 200;

/** The newest mails and SMS as a page. */
export function messagesPage(caught: CaughtMessages): string {
  const { mails, sms, duplicates } = caught.summary;
  return page(
    'Caught messages',
    html`<p>${mails} mails and ${sms} SMS, ${duplicates} of them repetitions. Nothing was delivered.</p>
<table>
<tr><th>Time</th><th>Channel</th><th>To</th><th>Message</th></tr>
${caught.list().slice(0, newestShown).map(row)}
</table>`,
  );
}

function row({ receivedAt, channel, to, subject, text }: CaughtMessage) {
  const heading = subject === undefined ? '' : html`<strong>${subject}</strong>`;
  return html`<tr><td>${receivedAt}</td><td>${channel}</td><td>${to.join(', ')}</td><td>${heading}<pre>${text}</pre></td></tr>
`;
}

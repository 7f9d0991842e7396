import { html } from '../html/html.ts';
import type { MessageText } from './channel.ts';
import { wordingFor } from './languages.ts';
import { oneLine } from './one-line.ts';

export interface ReminderFacts {
  readonly name: string;
  /** BCP 47. */
  readonly locale: string;
  /** Where the reader orders. */
  readonly orderUrl: string;
  /** Where the reader ends reminders. */
  readonly unsubscribeUrl: string;
}

/** Reminds a customer who has not ordered for a while. */
export function reminderMessage({ name, locale, orderUrl, unsubscribeUrl }: ReminderFacts): MessageText {
  const { reminder } = wordingFor(locale);
  const greeting = reminder.greeting(oneLine(name));
  return {
    subject: reminder.subject,
    text: [
      greeting,
      '',
      reminder.sentence,
      `${reminder.invitation}: ${orderUrl}`,
      '',
      `${reminder.unsubscribe}: ${unsubscribeUrl}`,
      '',
    ].join('\n'),
    html: html`<p>${greeting}</p>
<p>${reminder.sentence} <a href="${orderUrl}">${reminder.invitation}</a></p>
<p><small><a href="${unsubscribeUrl}">${reminder.unsubscribe}</a></small></p>
`,
    short: oneLine(`${reminder.sentence} ${orderUrl}`, 160),
  };
}

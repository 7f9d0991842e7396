import { z } from 'zod';

const text = z.string().max(16 * 1024);

/** What Slack's incoming webhooks take, as far as it is text (Slack API, "Sending messages using incoming webhooks"). */
export const SlackMessage = z.looseObject({
  channel: z.string().max(200).optional(),
  text: text.optional(),
  attachments: z
    .array(z.looseObject({ title: text.optional(), text: text.optional() }))
    .max(100)
    .optional(),
});
type SlackMessage = z.infer<typeof SlackMessage>;

/** All that such a message says. */
export function slackText({ text: own, attachments = [] }: SlackMessage): string {
  const parts = [own, ...attachments.flatMap((each) => [each.title, each.text])];
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}

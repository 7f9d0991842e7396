import { describe, expect, it } from '@jest/globals';
import { SlackMessage, slackText } from '../../../workers/services/message-catcher/slack-message.ts';

describe('a message for Slack', () => {
  it('is all the text in it, as Alertmanager writes it', () => {
    const body = SlackMessage.parse({
      username: 'Alertmanager',
      attachments: [{ title: '[FIRING: 1] SlowApi', text: 'Requests are answered slowly', color: 'danger' }],
    });
    expect(slackText(body)).toBe('[FIRING: 1] SlowApi\nRequests are answered slowly');
  });

  it('may be plain text', () => {
    expect(slackText(SlackMessage.parse({ text: 'hello' }))).toBe('hello');
  });

  it('is refused where its parts are no text', () => {
    expect(SlackMessage.safeParse({ text: 1 }).success).toBe(false);
    expect(SlackMessage.safeParse({ attachments: 'none' }).success).toBe(false);
  });
});

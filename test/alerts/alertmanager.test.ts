import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { alertmanagerFile } from '../../charts/alerting.ts';
import { defineProfile } from '../../charts/profile.ts';
import { alertDelivery } from '../../local/monitoring/alert-delivery.ts';
import {
  type AlertmanagerConfiguration,
  alertmanagerConfiguration,
} from '../../workers/platform/alertmanager.ts';
import { alertingRules, alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { check } from './promtool.ts';

const targets = { smarthost: '127.0.0.1:4025', slackUrl: 'http://127.0.0.1:4011/slack' };
const local = stringify(
  alertmanagerConfiguration(smartEats, alertDelivery(targets, '/run/slack-webhook-url', 1)),
);
const kind = alertmanagerFile(smartEats, defineProfile('kind'));
const production = alertmanagerFile(
  smartEats,
  defineProfile('production', { alerting: { to: 'ops@eats.example', smarthost: 'mail.eats.example:587' } }),
);
const configurations: readonly (readonly [string, string])[] = [
  ['one machine', local],
  ['kind', kind],
  ['production', production],
];

interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly { readonly to: string }[];
  readonly slack_configs?: readonly unknown[];
}

const read = (text: string) => parse(text) as AlertmanagerConfiguration;
const receiversOf = (text: string) => read(text)['receivers'] as readonly Receiver[];

describe.each(configurations)('the configuration of Alertmanager for %s', (_, text) => {
  it('is what amtool takes for correct', () => {
    const { ok, output } = check('amtool', ['check-config', 'alertmanager.yml'], {
      'alertmanager.yml': text,
    });
    expect(output).toContain('SUCCESS');
    expect(ok).toBe(true);
  });

  it.each(alertingRules(smartEats, { runbooks: '' }))(
    'sends $alert to its receivers alone',
    ({ alert, labels }) => {
      const args = ['config', 'routes', 'test', '--config.file=alertmanager.yml', `alertname=${alert}`];
      const matching = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const { stdout } = check('amtool', [...args, ...matching], { 'alertmanager.yml': text });
      const receiver = receiversOf(text).find(({ name }) => name === stdout.trim());
      expect({
        email: receiver?.email_configs?.length ?? 0,
        slack: receiver?.slack_configs?.length ?? 0,
      }).toEqual({
        email: alertsOf(smartEats)[alert]?.receivers.includes('email') ? 1 : 0,
        slack: alertsOf(smartEats)[alert]?.receivers.includes('slack') ? 1 : 0,
      });
    },
  );

  it('holds no secret: the webhook and the password are in files', () => {
    expect(text).not.toMatch(/slack_api_url:|smtp_auth_password:|hooks\.slack\.com/);
    expect(text).toMatch(/slack_api_url_file: \S+/);
  });
});

describe('the ways of an alert', () => {
  it('lead to the address and the mail server of the profile, with a login and encryption', () => {
    expect(read(production)['global']).toMatchObject({
      smtp_smarthost: 'mail.eats.example:587',
      smtp_require_tls: true,
      smtp_auth_password_file: '/etc/alertmanager/secrets/alerting/smtp-password',
      slack_api_url_file: '/etc/alertmanager/secrets/alerting/slack-webhook-url',
    });
    expect(
      receiversOf(production).flatMap(({ email_configs = [] }) => email_configs.map(({ to }) => to)),
    ).toEqual(['ops@eats.example', 'ops@eats.example']);
  });

  it('lead to the message catcher on kind', () => {
    expect(read(kind)['global']).toMatchObject({
      smtp_smarthost: 'message-catcher:4025',
      smtp_require_tls: false,
    });
  });

  it('say an alert once, with all of its kind together', () => {
    expect(read(production)['route']).toMatchObject({ group_by: ['alertname'], group_wait: '30s' });
  });

  it('are silent about what another alert explains, where both are about the same', () => {
    const rules = read(production)['inhibit_rules'] as readonly Record<string, unknown>[];
    expect(rules).toContainEqual({
      source_matchers: ['alertname="ConsumerStalled"'],
      target_matchers: ['alertname="QueueBacklog"'],
      equal: ['queue'],
    });
    expect(rules).toContainEqual({
      source_matchers: ['alertname="TargetDown"', 'job=~"rabbitmq"'],
      target_matchers: ['alertname="BrokerDisconnected"'],
      equal: [],
    });
  });

  it('do not take a node that is away for a reason why messages are unaccounted for', () => {
    const rules = read(production)['inhibit_rules'] as readonly Record<string, readonly string[]>[];
    const [, jobs = ''] =
      rules.find(
        ({ source_matchers: from, target_matchers: to }) =>
          from?.[0] === 'alertname="TargetDown"' && to?.[0] === 'alertname="MessagesUnaccounted"',
      )?.['source_matchers'] ?? [];
    const listed = /^job=~"(.+)"$/.exec(jobs)?.[1]?.split('|') ?? [];
    expect(listed.toSorted()).toEqual([...Object.keys(smartEats.services), 'rabbitmq'].toSorted());
  });

  it('name only alerts that there are as explanations', () => {
    const names = Object.keys(alertsOf(smartEats));
    for (const { impliedBy = [] } of Object.values(alertsOf(smartEats)))
      for (const { alert } of impliedBy) expect(names).toContain(alert);
  });
});

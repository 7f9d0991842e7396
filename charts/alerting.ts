import { Yaml } from 'cdk8s';
import { type AlertDelivery, alertmanagerConfiguration } from '../workers/platform/alertmanager.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { Profile } from './profile.ts';
import { providerOf } from './providers.ts';

/** The Secret with what Alertmanager must keep to itself, and the keys in it. */
export const alertingSecret = {
  name: 'alerting',
  keys: { slack: 'slack-webhook-url', smtp: 'smtp-password' },
} as const;

/** Where prometheus-operator mounts the Secrets that an Alertmanager names. */
const secretsDirectory = `/etc/alertmanager/secrets/${alertingSecret.name}`;

/** Alertmanager's configuration as YAML. Nothing in it is secret: it names files of the Secret `alerting`. */
export function alertmanagerFile(platform: Platform, profile: Profile): string {
  return Yaml.stringify(alertmanagerConfiguration(platform, deliveryOf(platform, profile)));
}

/** The ways of an alert: to the stand-ins on kind, else to the mail server of the profile and to Slack. */
function deliveryOf(platform: Platform, profile: Profile): AlertDelivery {
  const { from, to, smarthost, user } = profile.alerting;
  const { slack, smtp } = alertingSecret.keys;
  const catcher = providerOf(platform, profile, 'mail');
  return {
    email: {
      from,
      to,
      ...(catcher
        ? { smarthost: `${catcher.workload}:${catcher.port}`, requireTls: false }
        : { smarthost, requireTls: true, login: { user, passwordFile: `${secretsDirectory}/${smtp}` } }),
    },
    slack: { webhookFile: `${secretsDirectory}/${slack}` },
  };
}

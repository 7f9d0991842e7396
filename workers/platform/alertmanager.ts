import type { AlertDeclaration, Receiver } from './alerts/declaration.ts';
import { oneOf } from './alerts/expressions.ts';
import { alertsOf } from './alerts.ts';
import type { Platform } from './platform.ts';

/** Where alerts go. Nothing in it is secret: what is, Alertmanager reads from files. */
export interface AlertDelivery {
  readonly email: {
    readonly from: string;
    readonly to: string;
    /** `host:port` of the mail server. */
    readonly smarthost: string;
    readonly requireTls: boolean;
    /** Who to log in as, and the file that has the password. @default no login */
    readonly login?: { readonly user: string; readonly passwordFile: string };
  };
  /** The file that has the URL of the incoming webhook. */
  readonly slack: { readonly webhookFile: string };
  /** How long alerts are collected before the first message, and between two, in seconds. @default 30, 300 and 4 hours */
  readonly timing?: {
    readonly groupWait: number;
    readonly groupInterval: number;
    readonly repeatInterval: number;
  };
}

/** Alertmanager's configuration, as the object its YAML describes. */
export type AlertmanagerConfiguration = Readonly<Record<string, unknown>>;

const usualTiming = { groupWait: 30, groupInterval: 300, repeatInterval: 4 * 3600 };

/** Every set of receivers, under the name that the rules give it in their label `receivers`. */
const receiverSets: readonly (readonly Receiver[])[] = [['email'], ['slack'], ['email', 'slack']];

/** What an alert says, in Alertmanager's template language. */
const text = [
  '{{ range .Alerts }}{{ .Annotations.summary }} ({{ .Labels.severity }})',
  '{{ .Annotations.description }}',
  'What to do: {{ .Annotations.runbook_url }}',
  '{{ end }}',
].join('\n');

const title =
  '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}: {{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }}';

/**
 * Who is told of which alert: one message for all alerts of one name, to the receivers that the alert declares, and none
 * for what another alert explains already.
 */
export function alertmanagerConfiguration(
  platform: Platform,
  { email, slack, timing = usualTiming }: AlertDelivery,
): AlertmanagerConfiguration {
  const receivers = receiverSets.map((set) => ({
    name: nameOf(set),
    ...(set.includes('email') && {
      email_configs: [{ to: email.to, send_resolved: true, headers: { Subject: title }, html: '', text }],
    }),
    ...(set.includes('slack') && { slack_configs: [{ send_resolved: true, title, text }] }),
  }));
  return {
    global: {
      smtp_from: email.from,
      smtp_smarthost: email.smarthost,
      smtp_require_tls: email.requireTls,
      ...(email.login && {
        smtp_auth_username: email.login.user,
        smtp_auth_password_file: email.login.passwordFile,
      }),
      slack_api_url_file: slack.webhookFile,
    },
    route: {
      // Whoever adds an alert by hand without a receiver hears of it everywhere.
      receiver: nameOf(['email', 'slack']),
      group_by: ['alertname'],
      group_wait: `${timing.groupWait}s`,
      group_interval: `${timing.groupInterval}s`,
      repeat_interval: `${timing.repeatInterval}s`,
      routes: receiverSets.map((set) => ({
        matchers: [`receivers="${nameOf(set)}"`],
        receiver: nameOf(set),
      })),
    },
    inhibit_rules: inhibitions(platform),
    receivers,
  };
}

function nameOf(receivers: readonly Receiver[]): string {
  return [...receivers].sort().join('-');
}

function inhibitions(platform: Platform) {
  return Object.entries<AlertDeclaration>(alertsOf(platform)).flatMap(([alert, { impliedBy = [] }]) =>
    impliedBy.map(({ alert: cause, labels = {}, equal = [] }) => ({
      source_matchers: [
        `alertname="${cause}"`,
        ...Object.entries(labels).map(([label, values]) => oneOf(label, values)),
      ],
      target_matchers: [`alertname="${alert}"`],
      equal: [...equal],
    })),
  );
}

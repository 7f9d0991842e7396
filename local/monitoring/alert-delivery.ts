import type { AlertDelivery } from '../../workers/platform/alertmanager.ts';

/** Where the alerts of a stack go. */
export interface AlertTargets {
  /** `host:port` of a mail server that asks for no login. */
  readonly smarthost: string;
  /** An incoming webhook of Slack, or of what takes its messages. */
  readonly slackUrl: string;
}

/** The ways of an alert on one machine: to the message catcher, unless somebody else is to hear of it. */
export function alertDelivery(
  { smarthost }: AlertTargets,
  webhookFile: string,
  groupWaitSeconds: number | undefined,
): AlertDelivery {
  return {
    email: {
      from: 'SmartEats alerts <alerts@smarteats.example>',
      to: 'operators@smarteats.example',
      smarthost,
      requireTls: false,
    },
    slack: { webhookFile },
    ...(groupWaitSeconds !== undefined && {
      timing: { groupWait: groupWaitSeconds, groupInterval: 300, repeatInterval: 4 * 3600 },
    }),
  };
}

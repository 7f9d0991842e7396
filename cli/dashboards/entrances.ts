import type { Profile } from '../../charts/profile.ts';
import {
  flowerPort,
  grafanaPort,
  prometheusPort,
  rabbitmqPorts,
  servicesOf,
} from '../../charts/providers.ts';
import type { Platform } from '../../workers/platform/platform.ts';

/** Something on a cluster that people open in a browser. */
export interface Entrance {
  readonly label: string;
  /** Its Service. */
  readonly service: string;
  /** The Service's port, and the one of this machine if that is free. */
  readonly port: number;
  /** What to open there. @default '/' */
  readonly path?: string;
  /** Who to log in as, and the key of the Secret of the Service's name that has the password. */
  readonly login?: { readonly user: string; readonly key: string };
}

/** Everything that can be opened: the systems that watch the platform, its API, and its stand-ins for the outside. */
export function entrancesOf(platform: Platform, profile: Profile): readonly Entrance[] {
  const own = servicesOf(platform, profile).flatMap(
    ([service, { port, kind, public: isPublic }]): Entrance[] => {
      if (isPublic) return [{ label: 'API and its description', service, port, path: '/docs' }];
      return kind === 'sandbox' ? [{ label: titles[service] ?? service, service, port }] : [];
    },
  );
  const broker: Entrance = {
    label: 'RabbitMQ',
    service: 'rabbitmq',
    port: rabbitmqPorts.management,
    login: { user: 'smarteats', key: 'RABBITMQ_PASS' },
  };
  return [
    {
      label: 'Grafana',
      service: 'grafana',
      port: grafanaPort,
      login: { user: 'admin', key: 'GF_SECURITY_ADMIN_PASSWORD' },
    },
    { label: 'Prometheus', service: 'prometheus', port: prometheusPort },
    ...(profile.outside.rabbitmq === undefined ? [broker] : []),
    {
      label: 'Flower',
      service: 'flower',
      port: flowerPort,
      login: { user: 'admin', key: 'FLOWER_BASIC_AUTH' },
    },
    ...own,
  ];
}

const titles: Readonly<Record<string, string>> = {
  'payment-sandbox': 'Charges',
  'message-catcher': 'Mail and SMS',
};

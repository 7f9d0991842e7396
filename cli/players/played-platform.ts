/** How many people live in a town. */
export interface TownSize {
  readonly customers: number;
  readonly drivers: number;
}

/** Where tasks are sent and their results are found, both as URLs. */
export interface CeleryAddress {
  readonly broker: string;
  readonly results: string;
}

/** A running platform, wherever it is, as far as those who play on it and count afterwards need it. */
export interface PlayedPlatform {
  /** URL of each service's HTTP server. */
  readonly urls: Readonly<Record<string, string>>;
  /** RabbitMQ's management interface. */
  readonly management: { readonly url: string; readonly user: string; readonly password: string };
  /** Undefined where the broker or Redis cannot be reached from here, as those outside of a cluster. */
  readonly celery?: CeleryAddress;
  /**
   * Adds restaurants, menus and accounts as far as they are not there.
   * @returns what the seed command wrote, and the password of all accounts
   */
  seed(size: TownSize): Promise<{ readonly output: string; readonly password: string }>;
}

/** How the seed command is told the size. */
export function sizeArguments({ customers, drivers }: TownSize): readonly string[] {
  return ['--drivers', `${drivers}`, '--customers', `${customers}`];
}

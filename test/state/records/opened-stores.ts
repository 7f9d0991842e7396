import type { Stores } from '../../../workers/state/records/stores.ts';

/** An empty database as the contract suites see it. */
export interface OpenedStores {
  readonly stores: Stores;
  /** The same records through another connection, as another process has them. */
  readonly elsewhere: Stores;
  close(): Promise<void>;
}

/** Opens an empty database. */
export type OpenStores = () => Promise<OpenedStores>;

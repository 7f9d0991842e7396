import type { Platform } from '../workers/platform/platform.ts';
import { dashboardsOf } from './dashboards.ts';

/** A query of a panel, ready for Prometheus. */
export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly legend: string;
  readonly expression: string;
}

/** Every query of every panel, with all jobs chosen. */
export function panelQueries(platform: Platform): readonly PanelQuery[] {
  return dashboardsOf(platform).flatMap(({ title, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title: panel, queries }) =>
        Object.entries(queries).map(([legend, expression]) => ({
          dashboard: title,
          panel,
          legend,
          expression: expression.replaceAll('$job', '.+'),
        })),
      ),
    ),
  );
}

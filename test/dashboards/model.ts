import { z } from 'zod';
import { grafanaDashboards } from '../../dashboards/dashboards.ts';
import { smartEats } from '../../workers/platform/platform.ts';

const Datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal(`\${datasource}`) });

const Link = z.looseObject({ title: z.string(), type: z.literal('link'), url: z.string() });

const Target = z.looseObject({
  refId: z.string().regex(/^[A-H]$/),
  datasource: Datasource,
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
  instant: z.boolean().optional(),
  range: z.boolean().optional(),
});

const Place = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
});

const Panel = z.looseObject({
  id: z.int().min(1),
  type: z.enum(['timeseries', 'stat', 'bargauge', 'heatmap', 'geomap']),
  title: z.string().min(1),
  description: z.string().min(10),
  datasource: Datasource,
  gridPos: Place,
  links: z.array(Link).optional(),
  targets: z.array(Target).min(1),
  fieldConfig: z.looseObject({
    defaults: z.looseObject({
      unit: z.string().min(1),
      thresholds: z.strictObject({
        mode: z.literal('absolute'),
        steps: z.array(z.strictObject({ color: z.string(), value: z.number().nullable() })).min(1),
      }),
    }),
    overrides: z.array(z.unknown()),
  }),
});
export type Panel = z.infer<typeof Panel>;

const Row = z.looseObject({
  id: z.int().min(1),
  type: z.literal('row'),
  title: z.string().min(1),
  gridPos: Place,
  panels: z.tuple([]).optional(),
});

/** Grafana's model of a dashboard (its documentation, "JSON model"), as far as ours have to do with it. */
export const DashboardModel = z.looseObject({
  uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  title: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  editable: z.literal(false),
  schemaVersion: z.int().min(36),
  time: z.strictObject({ from: z.string(), to: z.literal('now') }),
  refresh: z.string(),
  templating: z.looseObject({
    list: z.array(z.looseObject({ name: z.string(), type: z.enum(['datasource', 'query']) })),
  }),
  panels: z.array(z.discriminatedUnion('type', [Row, Panel])),
});

/** Every dashboard by its name, checked against the model. */
export function dashboardModels(
  runbooks = '',
): readonly (readonly [string, z.infer<typeof DashboardModel>])[] {
  return Object.entries(grafanaDashboards(smartEats, runbooks)).map(([name, dashboard]) => [
    name,
    // As Grafana gets it: through JSON.
    DashboardModel.parse(JSON.parse(JSON.stringify(dashboard))),
  ]);
}

/** The panels of a dashboard that show something. */
export function panelsOf({ panels }: z.infer<typeof DashboardModel>): readonly Panel[] {
  return panels.filter((panel) => panel.type !== 'row');
}

import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardDeclaration } from './declaration.ts';
import { panelOf } from './panels.ts';

/** The variables by which a reader chooses the Prometheus that all panels ask, and the jobs that they show. */
const prometheus = 'datasource';
const datasource = { type: 'prometheus', uid: `\${${prometheus}}` };

/**
 * A dashboard as Grafana reads it, with an address that stays.
 * @param runbooks where the runbooks are found, a URL that ends with `/`; empty where that is unknown
 */
export function dashboardOf(declared: DashboardDeclaration, runbooks: string): Dashboard {
  const { name, title, description, rows, from = 'now-1h' } = declared;
  const builder = new DashboardBuilder(title)
    .uid(`smarteats-${name}`)
    .description(description)
    .tags(['smarteats'])
    .refresh('30s')
    .time({ from, to: 'now' })
    .timezone('browser')
    .readonly()
    .withVariable(new DatasourceVariableBuilder(prometheus).label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('job')
        .label('Job')
        .datasource(datasource)
        .query('label_values(up, job)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue('.+')
        .current({ selected: true, text: 'All', value: '$__all' }),
    );
  let id = 0;
  for (const row of rows) {
    id += 1;
    builder.withRow(new RowBuilder(row.title).id(id));
    for (const each of row.panels) {
      id += 1;
      builder.withPanel(panelOf(each, { datasource, runbooks }).id(id));
    }
  }
  return builder.build();
}

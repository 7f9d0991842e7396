import {
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The variable by which a reader chooses the Prometheus that all panels ask. */
const variable = 'datasource';
const datasource = { type: 'prometheus', uid: `\${${variable}}` };

/** How the orders go, and the queues that they go through. */
export function queuesAndOrders(): Dashboard {
  const panels = [
    panel('Orders recorded', 'Orders that were recorded each minute', 'opm', {
      orders: 'sum(rate(orders_created_total[5m])) * 60',
    }),
    panel('Orders by status', 'Orders in each status, as the store counts them', 'short', {
      // Every pod of the service that counts them tells the same number.
      '{{status}}': 'max by (status) (orders_by_status)',
    }),
    panel('Messages that wait', 'Messages in each queue that no consumer has taken', 'short', {
      '{{queue}}': 'max by (queue) (rabbitmq_detailed_queue_messages_ready{queue!~"amq[.].*"})',
    }),
    panel('Messages handled', 'Deliveries settled each second, by queue and outcome', 'ops', {
      '{{queue}} {{outcome}}': 'sum by (queue, outcome) (rate(messages_handled_total[5m]))',
    }),
    panel('Age of messages', 'Time from publishing to the start of an attempt, 95th percentile', 's', {
      '{{queue}}': 'histogram_quantile(0.95, sum by (queue, le) (rate(message_age_seconds_bucket[5m])))',
    }),
    panel('Time to deliver', 'Time from placing an order to its delivery, median and 95th percentile', 's', {
      median: 'histogram_quantile(0.5, sum by (le) (rate(delivery_time_seconds_bucket[1h])))',
      '95 %': 'histogram_quantile(0.95, sum by (le) (rate(delivery_time_seconds_bucket[1h])))',
    }),
  ];
  const builder = new DashboardBuilder('Queues and orders')
    .uid('smarteats-queues-and-orders')
    .description('How the orders go, and the queues that they go through')
    .tags(['smarteats'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .readonly()
    .withVariable(new DatasourceVariableBuilder(variable).label('Data source').type('prometheus'));
  for (const [index, each] of panels.entries()) builder.withPanel(each.id(index + 1));
  return builder.build();
}

/** A panel half as wide as the page, with an expression for each name in the legend. */
function panel(
  title: string,
  description: string,
  unit: string,
  queries: Readonly<Record<string, string>>,
): PanelBuilder {
  const legendBelow = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);
  const builder = new PanelBuilder()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(datasource)
    .legend(legendBelow)
    .span(12)
    .height(8);
  for (const [index, [legend, expression]] of Object.entries(queries).entries()) {
    builder.withTarget(
      new DataqueryBuilder()
        .datasource(datasource)
        .refId(String.fromCharCode('A'.charCodeAt(0) + index))
        .expr(expression)
        .legendFormat(legend),
    );
  }
  return builder;
}

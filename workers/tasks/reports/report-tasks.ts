import { declaredTask } from '../declared-task.ts';
import { generateSalesReport, type ReportDeps } from './sales-report.ts';

/** The tasks that make reports. */
export function reportTasks(deps: ReportDeps) {
  return {
    generateSalesReport: declaredTask(
      'tasks.generate_sales_report',
      ({ restaurant_id, date_range }, context) =>
        generateSalesReport(deps, restaurant_id, date_range, {
          signal: context.signal,
          updateState: (state, meta) => context.updateState(state, meta),
        }),
    ),
  };
}

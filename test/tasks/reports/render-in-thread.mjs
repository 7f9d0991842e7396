import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

// A worker thread does not take over how its parent compiles TypeScript.
register();
const { sampleReport } = await import('./sample-report.ts');
const { renderReport } = await import('../../../workers/tasks/reports/report-pdf.ts');

const { days } = workerData;
const { content, pages } = await renderReport(sampleReport('2025-10-01', days, 40), new Date());
parentPort?.postMessage({ bytes: content.length, pages });

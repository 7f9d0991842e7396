import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

// A thread does not inherit what loads TypeScript in the thread that starts it.
register();
await import(workerData.entry);

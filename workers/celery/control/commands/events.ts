import { type Command, type Commands, ok } from '../command.ts';

/** Whether events about tasks are sent. */
export const events: Commands = {
  enable_events: switchTo(true, 'enabled'),
  disable_events: switchTo(false, 'disabled'),
};

function switchTo(on: boolean, state: string): Command {
  return (worker) => {
    if (worker.events.taskEvents === on) return ok(`task events already ${state}`);
    worker.events.taskEvents = on;
    worker.log.info({}, `events about tasks are ${state} by remote control`);
    return ok(`task events ${state}`);
  };
}

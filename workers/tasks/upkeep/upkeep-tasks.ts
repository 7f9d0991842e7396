import { declaredTask } from '../declared-task.ts';
import { type CleanupDeps, cleanupCarts } from './cleanup-carts.ts';
import { type ReminderDeps, sendReminders } from './send-reminders.ts';

/** The tasks that look after carts and customers. */
export function upkeepTasks(deps: { readonly cleanup: CleanupDeps; readonly reminders: ReminderDeps }) {
  return {
    cleanupCarts: declaredTask('tasks.cleanup_carts', (_, context) => cleanupCarts(deps.cleanup, context)),
    sendReminders: declaredTask('tasks.send_reminders', async (_, context) => ({
      ...(await sendReminders(deps.reminders, context)),
    })),
  };
}

import { defineTask } from '../celery/define-task.ts';
import type { Task } from '../celery/task.ts';
import type { TaskName, TaskQueueName, tasks } from '../platform/tasks.ts';
import { analyticsTasks } from './analytics/analytics-tasks.ts';
import type { AnalyticsDeps } from './analytics/restaurant-analytics.ts';
import type { FoodImageDeps } from './food-image/analyze-food-image.ts';
import { foodImageTasks } from './food-image/food-image-tasks.ts';
import { notificationTasks } from './notifications/notification-tasks.ts';
import type { OrderNotificationDeps } from './notifications/order-notifications.ts';
import type { RecommendationDeps } from './recommendations/recommend.ts';
import { recommendationTasks } from './recommendations/recommendation-tasks.ts';
import { reportTasks } from './reports/report-tasks.ts';
import type { ReportDeps } from './reports/sales-report.ts';
import type { CleanupDeps } from './upkeep/cleanup-carts.ts';
import type { ReminderDeps } from './upkeep/send-reminders.ts';
import { upkeepTasks } from './upkeep/upkeep-tasks.ts';

/** Every declared task of a queue as a worker runs it; a task without its work does not compile. */
type TasksOf<Queue extends TaskQueueName> = {
  readonly [Name in TaskName as (typeof tasks)[Name]['queue'] extends Queue ? Name : never]: Task;
};

/** The tasks of the queue `celery`. */
export function celeryTasks(deps: {
  readonly analytics: AnalyticsDeps;
  readonly cleanup: CleanupDeps;
  readonly reminders: ReminderDeps;
}): TasksOf<'celery'> {
  const { cleanupCarts, sendReminders } = upkeepTasks(deps);
  return {
    'tasks.calculate_analytics': defineTask(analyticsTasks(deps.analytics).calculateAnalytics),
    'tasks.cleanup_carts': defineTask(cleanupCarts),
    'tasks.send_reminders': defineTask(sendReminders),
  };
}

/** The tasks of the queue `ai`. */
export function aiTasks(deps: {
  readonly recommendations: RecommendationDeps;
  readonly foodImages: FoodImageDeps;
}): TasksOf<'ai'> {
  const { generateRecommendations } = recommendationTasks(deps.recommendations);
  return {
    'tasks.generate_recommendations': defineTask(generateRecommendations),
    'tasks.analyze_food_image': defineTask(foodImageTasks(deps.foodImages).analyzeFoodImage),
  };
}

/** The tasks of the queue `analytics`: the figures of the chord's parts and its body, and reports. */
export function analyticsQueueTasks(deps: {
  readonly analytics: AnalyticsDeps;
  readonly reports: ReportDeps;
}): TasksOf<'analytics'> {
  const { calculateRestaurantAnalytics, summarizeAnalytics } = analyticsTasks(deps.analytics);
  return {
    'tasks.calculate_restaurant_analytics': defineTask(calculateRestaurantAnalytics),
    'tasks.summarize_analytics': defineTask(summarizeAnalytics),
    'tasks.generate_sales_report': defineTask(reportTasks(deps.reports).generateSalesReport),
  };
}

/** The tasks of the queue `notifications`. */
export function notificationQueueTasks(deps: OrderNotificationDeps): TasksOf<'notifications'> {
  const { sendOrderConfirmation, sendDeliveryUpdate } = notificationTasks(deps);
  return {
    'tasks.send_order_confirmation': defineTask(sendOrderConfirmation),
    'tasks.send_delivery_update': defineTask(sendDeliveryUpdate),
  };
}

import { defineTask } from '../celery/define-task.ts';
import type { Task } from '../celery/task.ts';
import type { TaskName } from '../platform/tasks.ts';
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

/** What the tasks of the platform need. */
export interface PlatformTaskDeps {
  readonly analytics: AnalyticsDeps;
  readonly recommendations: RecommendationDeps;
  readonly reports: ReportDeps;
  readonly notifications: OrderNotificationDeps;
  readonly foodImages: FoodImageDeps;
  readonly cleanup: CleanupDeps;
  readonly reminders: ReminderDeps;
}

/** Every declared task as a worker runs it; a task without its work does not compile. */
export function platformTasks(deps: PlatformTaskDeps): Readonly<Record<TaskName, Task>> {
  const { calculateAnalytics, calculateRestaurantAnalytics, summarizeAnalytics } = analyticsTasks(
    deps.analytics,
  );
  const { sendOrderConfirmation, sendDeliveryUpdate } = notificationTasks(deps.notifications);
  const { cleanupCarts, sendReminders } = upkeepTasks(deps);
  return {
    'tasks.generate_recommendations': defineTask(
      recommendationTasks(deps.recommendations).generateRecommendations,
    ),
    'tasks.analyze_food_image': defineTask(foodImageTasks(deps.foodImages).analyzeFoodImage),
    'tasks.calculate_restaurant_analytics': defineTask(calculateRestaurantAnalytics),
    'tasks.calculate_analytics': defineTask(calculateAnalytics),
    'tasks.summarize_analytics': defineTask(summarizeAnalytics),
    'tasks.generate_sales_report': defineTask(reportTasks(deps.reports).generateSalesReport),
    'tasks.send_order_confirmation': defineTask(sendOrderConfirmation),
    'tasks.send_delivery_update': defineTask(sendDeliveryUpdate),
    'tasks.cleanup_carts': defineTask(cleanupCarts),
    'tasks.send_reminders': defineTask(sendReminders),
  };
}

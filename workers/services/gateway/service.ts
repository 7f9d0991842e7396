import type { SmartEats } from '../../platform/platform.ts';
import { openStorage } from '../../storage/open-storage.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { describeApi } from './api-description.ts';
import { addAuthRoutes } from './auth-proxy.ts';
import { identifyCallers } from './callers.ts';
import { addCartRoutes } from './carts.ts';
import { createCatalogue } from './catalogue.ts';
import { addDriverRoutes } from './drivers.ts';
import { addOrderPlacing } from './order-placing.ts';
import { addOrderRoutes } from './orders.ts';
import { limitRates } from './rate-limits.ts';
import { addReportRoutes } from './reports.ts';
import { addRestaurantOrderRoutes } from './restaurant-orders.ts';
import { addRestaurantRoutes } from './restaurants.ts';
import { addUnsubscribeRoutes } from './unsubscribe.ts';

/** The API of customers, restaurants and drivers. */
export const apiGateway: ServiceModule<SmartEats, 'api-gateway'> = {
  routes: async (app, deps) => {
    const { config, state } = deps;
    const callers = identifyCallers(app, state.sessions);
    const rateLimits = limitRates(app, state.rateLimiter, callers, config.RATE_LIMIT_PER_MINUTE);
    const catalogue = createCatalogue(state);
    await describeApi(app);
    await addAuthRoutes(app, config.AUTH_SERVICE_URL, callers, rateLimits);
    addRestaurantRoutes(app, catalogue, callers);
    addCartRoutes(app, state, catalogue, callers);
    addOrderPlacing(app, deps, catalogue, callers);
    addOrderRoutes(app, deps, callers);
    addRestaurantOrderRoutes(app, deps, callers);
    addDriverRoutes(app, deps, callers);
    addReportRoutes(app, config, openStorage(config, state.files), callers);
    addUnsubscribeRoutes(app, state, config.REPORT_LINK_SECRET);
  },
};

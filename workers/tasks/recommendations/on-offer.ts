import type { Location } from '../../platform/order.ts';
import type { Dish } from '../../state/records/recommendations.ts';
import type { MenuItem, Restaurant, RestaurantStore } from '../../state/records/restaurants.ts';
import { distanceKm } from './distance.ts';

/** How far a restaurant may be from where the user had food brought to, in kilometres. */
const deliveryRadiusKm = 10;

/** Restaurants that are asked for their dishes: the nearest. */
const restaurantsUsed = 200;

/** What a user can have now: restaurants that are open and near enough, and the dishes they have. */
export class OnOffer {
  readonly #restaurants: ReadonlyMap<string, Restaurant>;
  readonly #store: Pick<RestaurantStore, 'menu'>;
  readonly #menus = new Map<string, Promise<ReadonlyMap<string, MenuItem>>>();

  private constructor(store: Pick<RestaurantStore, 'menu'>, restaurants: readonly Restaurant[]) {
    this.#store = store;
    this.#restaurants = new Map(restaurants.map((restaurant) => [restaurant.restaurantId, restaurant]));
  }

  /** @param deliverTo where the user is; undefined where that is not known, and then no restaurant is too far */
  static async find(
    store: Pick<RestaurantStore, 'list' | 'menu'>,
    deliverTo: Location | undefined,
  ): Promise<OnOffer> {
    const distance = ({ location }: Restaurant) => (deliverTo ? distanceKm(deliverTo, location) : 0);
    const near = (await store.list())
      .filter((restaurant) => restaurant.open)
      .map((restaurant) => ({ restaurant, km: distance(restaurant) }))
      .filter(({ km }) => km <= deliveryRadiusKm)
      .sort((a, b) => a.km - b.km)
      .slice(0, restaurantsUsed);
    return new OnOffer(
      store,
      near.map(({ restaurant }) => restaurant),
    );
  }

  restaurantIds(): readonly string[] {
    return [...this.#restaurants.keys()];
  }

  /** The first dishes that the user can have, in their order. */
  async first<Entry extends { readonly dish: Dish }>(
    entries: readonly Entry[],
    limit: number,
  ): Promise<readonly (Entry & { readonly item: MenuItem; readonly restaurant: Restaurant })[]> {
    const found: (Entry & { item: MenuItem; restaurant: Restaurant })[] = [];
    for (const entry of entries) {
      if (found.length >= limit) break;
      const [restaurantId = '', menuItemId = ''] = entry.dish.split('/');
      const restaurant = this.#restaurants.get(restaurantId);
      if (restaurant === undefined) continue;
      const item = (await this.#menu(restaurantId)).get(menuItemId);
      if (item?.available) found.push({ ...entry, item, restaurant });
    }
    return found;
  }

  /** The name of a dish, where the user can have it now. */
  async nameOf(dish: Dish): Promise<string | undefined> {
    const [named] = await this.first([{ dish }], 1);
    return named?.item.name;
  }

  #menu(restaurantId: string): Promise<ReadonlyMap<string, MenuItem>> {
    const known = this.#menus.get(restaurantId);
    if (known !== undefined) return known;
    const menu = this.#store
      .menu(restaurantId)
      .then((items) => new Map(items.map((item) => [item.menuItemId, item])));
    this.#menus.set(restaurantId, menu);
    return menu;
  }
}

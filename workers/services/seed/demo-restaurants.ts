import type { MenuItem, Restaurant } from '../../state/records/restaurants.ts';

/** A restaurant and what it offers. */
export interface DemoRestaurant {
  readonly restaurant: Restaurant;
  readonly menu: readonly MenuItem[];
}

type Dish = readonly [menuItemId: string, name: string, description: string, cents: number];

function demo(
  restaurantId: string,
  name: string,
  cuisine: string,
  [address, latitude, longitude]: readonly [string, number, number],
  dishes: readonly Dish[],
): DemoRestaurant {
  return {
    restaurant: {
      restaurantId,
      name,
      cuisine,
      location: { address, latitude, longitude },
      timeZone: 'Europe/Berlin',
      open: true,
    },
    menu: dishes.map(([menuItemId, dish, description, cents]) => ({
      menuItemId,
      name: dish,
      description,
      price: { amountMinor: cents, currency: 'EUR' },
      available: true,
    })),
  };
}

/** A handful of restaurants in the middle of Berlin, within a few kilometres of each other. */
export const demoRestaurants: readonly DemoRestaurant[] = [
  demo(
    'pasta-porta',
    'Pasta Porta',
    'Italian',
    ['Torstraße 60, 10119 Berlin', 52.5292, 13.4046],
    [
      ['tagliatelle', 'Tagliatelle al ragù', 'Fresh pasta, slowly cooked beef and tomato', 1290],
      ['gnocchi', 'Gnocchi alla sorrentina', 'Potato gnocchi, tomato, mozzarella, basil', 1150],
      ['margherita', 'Pizza Margherita', 'Tomato, mozzarella, basil', 990],
      ['tiramisu', 'Tiramisù', 'Coffee, mascarpone, cocoa', 590],
    ],
  ),
  demo(
    'spice-route',
    'Spice Route',
    'Indian',
    ['Kastanienallee 12, 10435 Berlin', 52.5381, 13.4101],
    [
      ['dal', 'Dal tadka', 'Yellow lentils, cumin, garlic', 890],
      ['butter-chicken', 'Butter chicken', 'Tandoori chicken in tomato and butter', 1390],
      ['paneer', 'Palak paneer', 'Spinach, fresh cheese, ginger', 1190],
      ['naan', 'Garlic naan', 'From the tandoor', 350],
    ],
  ),
  demo(
    'green-bowl',
    'Green Bowl',
    'Salads and bowls',
    ['Linienstraße 140, 10115 Berlin', 52.5271, 13.3954],
    [
      ['falafel-bowl', 'Falafel bowl', 'Falafel, hummus, bulgur, pickles', 1090],
      ['salmon-bowl', 'Salmon bowl', 'Salmon, rice, edamame, cucumber', 1450],
      ['caesar', 'Caesar salad', 'Romaine, parmesan, croutons', 980],
      ['lemonade', 'Mint lemonade', '0.4 l, made in the house', 390],
    ],
  ),
  demo(
    'noodle-corner',
    'Noodle Corner',
    'Vietnamese',
    ['Alte Schönhauser Straße 46, 10119 Berlin', 52.5264, 13.4079],
    [
      ['pho-bo', 'Phở bò', 'Beef broth, rice noodles, herbs', 1190],
      ['bun-cha', 'Bún chả', 'Grilled pork, rice vermicelli, nước chấm', 1250],
      ['summer-rolls', 'Summer rolls', 'Two rolls with tofu and peanut dip', 550],
      ['iced-coffee', 'Cà phê sữa đá', 'Strong coffee, condensed milk, ice', 420],
    ],
  ),
  demo(
    'burger-yard',
    'Burger Yard',
    'Burgers',
    ['Oranienburger Straße 32, 10117 Berlin', 52.5249, 13.3941],
    [
      ['classic', 'Classic burger', 'Beef, cheddar, pickles, onion', 1090],
      ['halloumi', 'Halloumi burger', 'Grilled halloumi, pepper, rocket', 1050],
      ['fries', 'Fries', 'With sea salt', 390],
      ['shake', 'Vanilla shake', '0.3 l', 490],
    ],
  ),
  demo(
    'taco-lote',
    'Taco Lote',
    'Mexican',
    ['Brunnenstraße 5, 10119 Berlin', 52.5311, 13.4009],
    [
      ['al-pastor', 'Tacos al pastor', 'Three tacos, pork, pineapple, coriander', 1090],
      ['de-hongos', 'Tacos de hongos', 'Three tacos, mushrooms, salsa verde', 990],
      ['quesadilla', 'Quesadilla', 'Cheese, beans, jalapeño', 850],
      ['churros', 'Churros', 'With chocolate', 520],
    ],
  ),
];

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Collection, MongoClient } from 'mongodb';
import { orderStatuses } from '../../../workers/platform/order.ts';
import { type Identified, MongoDatabase } from '../../../workers/state/records/mongo/mongo-database.ts';
import { createMongoStores } from '../../../workers/state/records/mongo/stores.ts';
import { openState } from '../../../workers/state/state.ts';
import { eventually } from '../../harness/eventually.ts';
import { findMongoServer, type MongoServer, startTestMongo, type TestMongo } from '../../harness/mongo.ts';
import { startTestRedis } from '../../harness/redis.ts';
import { platformError } from '../error-code.ts';
import { recordedLog } from '../recorded-log.ts';
import { sampleOrder, sampleUser } from '../samples.ts';
import { describeStores } from './describe-stores.ts';
import type { OpenStores } from './opened-stores.ts';

const found = await findMongoServer();
if (typeof found === 'string') {
  describe('the stores in MongoDB', () => {
    it.todo(`DID NOT RUN: there is no MongoDB-compatible server here, since ${found}`);
  });
} else {
  describeMongo(found);
}

/**
 * A database whose operations run one after the other, those of all connections together: a server like FerretDB reads a
 * document and writes it in two steps. What comes between two operations is tested all the same.
 */
class OneAtATime extends MongoDatabase {
  static #last: Promise<unknown> = Promise.resolve();

  override run<Stored extends Identified, Result>(
    name: string,
    operations: (collection: Collection<Stored>) => Promise<Result>,
  ): Promise<Result> {
    const result = OneAtATime.#last.then(() => super.run(name, operations));
    OneAtATime.#last = result.catch(() => undefined);
    return result;
  }
}

function describeMongo(program: MongoServer): void {
  let server: TestMongo;
  beforeAll(async () => {
    server = await startTestMongo(program);
  });
  afterAll(() => server.remove());

  /** A database of the test's own, seen through two connections. */
  const open: OpenStores = async () => {
    const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
    const Database = program.atomic ? MongoDatabase : OneAtATime;
    const databases = [new Database(uri), new Database(uri)] as const;
    return {
      stores: createMongoStores(databases[0]),
      elsewhere: createMongoStores(databases[1]),
      close: async () => {
        for (const database of databases) await database.close();
      },
    };
  };

  // FerretDB looks at every document where a filter names more than the id.
  describeStores(`the stores in MongoDB (${program.name})`, open, program.atomic ? {} : { manyOrders: 60 });

  describe(`a database in MongoDB (${program.name})`, () => {
    it('reports a damaged record by its collection and id', async () => {
      const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
      const database = new MongoDatabase(uri);
      const { users, orders } = createMongoStores(database);
      const [user, order] = [sampleUser(), sampleOrder()];
      await users.create(user);
      await orders.record(order);
      const client = new MongoClient(uri);
      await client
        .db()
        .collection('users')
        .updateOne({}, { $set: { 'account.role': 'king' } });
      await client
        .db()
        .collection('orders')
        .updateOne({}, { $set: { sequence: 0 } });
      for (const [read, name] of [
        [() => users.find(user.userId), `users/${user.userId}`],
        [() => orders.find(order.orderId), `orders/${order.orderId}`],
      ] as const) {
        const error = await platformError(read());
        expect(error.code).toBe('RECORD_CORRUPT');
        expect(error.message).toContain(name);
      }
      await client.close();
      await database.close();
    });

    it('counts orders of an earlier release, and notes in them what it counts by', async () => {
      const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
      const database = new MongoDatabase(uri);
      const { orders, orderHistory } = createMongoStores(database);
      for (const placedAt of ['2026-11-23T12:14:00.000Z', '2026-11-23T12:15:00.000Z']) {
        const { order } = await orders.record(sampleOrder({ placedAt }));
        for (const status of orderStatuses.slice(2)) await orders.transition(order.orderId, status);
      }
      const count = () => {
        const [from, until] = [new Date('2026-11-23T00:00:00Z'), new Date('2026-11-24T00:00:00Z')];
        return orderHistory.figuresBetween('restaurant-roma', from, until, 'Asia/Kathmandu');
      };
      const figures = await count();
      expect([figures.delivered, figures.soldByHour[17], figures.soldByHour[18]]).toEqual([2, 1, 1]);
      const client = new MongoClient(uri);
      const collection = client.db().collection<{ _id: string }>('orders');
      const before = await collection.find().toArray();
      await collection.updateMany({}, { $unset: { quarter: '', lines: '', deliveredAtMs: '' } });
      expect(await count()).toEqual(figures);
      expect(await collection.find().toArray()).toEqual(before);
      await client.close();
      await database.close();
    });

    it('notes for the figures a change that its process could not note any more', async () => {
      const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
      const database = new MongoDatabase(uri);
      const { orders, orderHistory } = createMongoStores(database);
      const order = sampleOrder();
      await orders.record(order);
      const { quarters } = await orderHistory.changesOf(order.restaurantId);
      await orderHistory.settle(order.restaurantId, quarters);
      const client = new MongoClient(uri);
      await client
        .db()
        .collection('orders')
        .updateOne({}, { $set: { unnoted: true } });
      expect(await orderHistory.changesOf(order.restaurantId)).toEqual({
        revision: 2,
        quarters: [{ from: quarters[0]?.from, revision: 2 }],
      });
      await client.close();
      await database.close();
    });

    it('gives an order the driver whom a process took that could not record it any more', async () => {
      const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
      const database = new MongoDatabase(uri);
      const { drivers } = createMongoStores(database);
      const at = { latitude: 52.5, longitude: 13.4 };
      for (const driverId of ['near', 'far']) await drivers.register({ driverId, name: driverId });
      await drivers.report('near', at, true);
      await drivers.report('far', { ...at, latitude: 52.6 }, true);
      const client = new MongoClient(uri);
      await client
        .db()
        .collection<{ _id: string }>('drivers')
        .updateOne({ _id: 'far' }, { $set: { orderId: 'o1' } });
      expect((await drivers.claimNearest('o1', at, 50))?.driverId).toBe('far');
      expect(await drivers.ofOrder('o1')).toBe('far');
      expect(await drivers.countOnDuty()).toEqual({ free: 1, busy: 1 });
      await client.close();
      await database.close();
    });

    it('holds the records where MONGODB_URI names it, and Redis holds the rest', async () => {
      const redis = await startTestRedis();
      const uri = server.url.replace(/\/smarteats$/, `/test-${randomUUID()}`);
      const state = await openState({ REDIS_URL: redis.url, MONGODB_URI: uri }, recordedLog());
      await eventually(async () =>
        expect([await state.ready(), await state.mongodb?.ready()]).toEqual([true, true]),
      );
      const user = sampleUser();
      await state.stores.users.create(user);
      const { token } = await state.sessions.create(user.userId, { role: user.role });
      expect((await state.sessions.verify(token))?.userId).toBe(user.userId);
      const client = new MongoClient(uri);
      expect(await client.db().collection<{ _id: string }>('users').findOne()).toMatchObject({
        _id: user.userId,
      });
      await client.close();
      await state.close();
      await redis.remove();
    });

    it('says that it is away, and works again once it is back', async () => {
      const own = await startTestMongo(program);
      const database = new MongoDatabase(own.url);
      const { users } = createMongoStores(database);
      expect(await database.ready()).toBe(true);
      await own.kill();
      expect((await platformError(users.find('ann'))).code).toBe('STATE_UNAVAILABLE');
      expect(await database.ready()).toBe(false);
      await database.close();
      await own.remove();
    });
  });
}

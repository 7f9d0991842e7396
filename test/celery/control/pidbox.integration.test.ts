import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/tcp-proxy.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { ControlCaller } from './control-caller.ts';

describe('the letter box of a worker', () => {
  let bench: Bench;
  let proxy: TcpProxy;
  let worker: TestWorker;
  let other: TestWorker;
  let caller: ControlCaller;
  const [node, second] = ['one@here', 'two@there'];

  beforeAll(async () => {
    bench = await Bench.set();
    caller = await ControlCaller.open(bench.vhost.url);
  });
  afterAll(async () => {
    await caller?.close();
    await bench?.clear();
  });
  beforeEach(async () => {
    const target = new URL(bench.vhost.url);
    proxy = await startTcpProxy(Number(target.port));
    target.port = String(proxy.port);
    const connection = { url: target.href };
    worker = await bench.worker({ monitoring: celeryMonitoring, nodeName: node, connection });
    other = await bench.worker({ monitoring: celeryMonitoring, nodeName: second });
    await caller.reach([node, second]);
  });
  afterEach(async () => {
    await worker.stop();
    await other.stop();
    await proxy.close();
  });

  const answered = (ticket: string, nodes: readonly string[]) =>
    eventually(() => expect(caller.whoAnswered(ticket)).toEqual(nodes));

  it('copies the ticket of a request into its answer, beside a later time', async () => {
    const ticket = caller.ask('ping', { destination: [node] }, { headers: { clock: 5_000 } });
    await answered(ticket, [node]);
    const [reply] = caller.answersTo(ticket);
    expect(reply?.body).toEqual({ [node]: { ok: 'pong' } });
    expect(reply?.headers['clock']).toBeGreaterThan(5_000);
  });

  it('answers that it cannot tell whom a request is for where its pattern is none, or could keep it busy for ever', async () => {
    const tickets = [
      caller.ask('ping', { pattern: '(?=one)', matcher: 'pcre' }),
      caller.ask('ping', { pattern: 'a?'.repeat(10_000), matcher: 'pcre' }),
    ];
    for (const ticket of tickets) {
      await answered(ticket, [node, second]);
      for (const { body } of caller.answersTo(ticket)) {
        expect(Object.values(body)).toEqual([{ error: expect.stringContaining('pattern of nodes') }]);
      }
    }
  });

  it('takes what is for all, for its own name, or for a pattern that its name matches', async () => {
    const tickets = {
      all: caller.ask('ping'),
      named: caller.ask('ping', { destination: [second, 'nobody@nowhere'] }),
      glob: caller.ask('ping', { pattern: 'one@*', matcher: 'glob' }),
      pcre: caller.ask('ping', { pattern: '(two|three)@', matcher: 'pcre' }),
      nobody: caller.ask('ping', { destination: ['nobody@nowhere'] }),
    };
    await answered(tickets.all, [node, second]);
    await answered(tickets.named, [second]);
    await answered(tickets.glob, [node]);
    await answered(tickets.pcre, [second]);
    // What was sent after it has been answered, so an answer to this would be there too.
    await answered(caller.ask('ping'), [node, second]);
    expect(caller.whoAnswered(tickets.nobody)).toEqual([]);
  });

  it('refuses what is no request, says so in the log, and goes on', async () => {
    const bad: readonly (readonly [string | Buffer, object?])[] = [
      ['{'],
      [''],
      ['null'],
      ['[]'],
      ['"ping"'],
      ['{"method":1}'],
      ['{"method":"ping","arguments":[1]}'],
      ['{"method":"ping","reply_to":"me"}'],
      ['{"method":"ping","destination":{}}'],
      ['{"method":"ping","pattern":"(","matcher":"pcre"}'],
      ['{"method":"ping","pattern":"x","matcher":"sql"}'],
      [Buffer.from([0xff, 0xfe, 0x00])],
      ['{"method":"ping"}', { contentType: 'application/x-python-serialize' }],
    ];
    for (const [content, properties] of bad) caller.send(content, properties);
    await answered(caller.ask('ping'), [node, second]);
    const refused = worker.log.lines.filter(({ message }) => message.includes('refused'));
    expect(refused).toHaveLength(bad.length);
    expect(await bench.result(await bench.send({ args: [1, 2] }))).toMatchObject({ result: 3 });
  });

  it('survives an address for answers that does not exist', async () => {
    caller.ask('ping', { reply_to: { exchange: 'not.declared', routing_key: 'x' } });
    caller.ask('ping', { reply_to: { exchange: 'reply.celery.pidbox', routing_key: 'gone' } });
    caller.ask('ping', { reply_to: { exchange: 'amq.fanout', routing_key: 'x' } });
    await answered(caller.ask('ping'), [node, second]);
  });

  it('can be reached again after a lost connection, with the consumers that were added', async () => {
    expect(await caller.answer(node, 'add_consumer', { queue: 'added' })).toEqual({
      ok: 'add consumer added',
    });
    await eventually(() => expect(worker.told('subscribed').map(({ queue }) => queue)).toContain('added'));
    const before = worker.told('subscribed').length;
    proxy.cut();
    await eventually(() => expect(worker.told('subscribed')).toHaveLength(before + 2));
    await caller.reach([node, second]);
    expect(await caller.answer(node, 'active_queues')).toMatchObject([{ name: 'celery' }, { name: 'added' }]);
    expect(await bench.result(await bench.send({ queue: 'added', args: [1, 2] }))).toMatchObject({
      result: 3,
    });
  });

  it('is made anew when its queue is deleted', async () => {
    await bench.vhost.api(`queues/${bench.vhost.vhost}/${node}.celery.pidbox`, { method: 'DELETE' });
    await caller.reach([node, second]);
  });

  it('is made once another worker of the same name is gone', async () => {
    const twin = await bench.worker({ monitoring: celeryMonitoring, nodeName: node });
    await eventually(() =>
      expect(twin.log.lines.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('another worker of this name'),
      ),
    );
    await answered(caller.ask('ping'), [node, second]);
    await worker.stop();
    await caller.reach([node, second]);
    await twin.stop();
  });

  it('answers while the result store cannot be reached', async () => {
    await bench.redis.stop();
    try {
      expect(await caller.answer(node, 'revoke', { task_id: 'stuck' })).toEqual({
        ok: 'tasks stuck flagged as revoked',
      });
    } finally {
      await bench.redis.start();
    }
    expect(await bench.result('stuck')).toMatchObject({ status: 'REVOKED' });
  });

  it('brings what was revoked before to workers that start later', async () => {
    expect(await caller.answer(node, 'revoke', { task_id: ['early'] })).toHaveProperty('ok');
    const late = await bench.worker({ monitoring: celeryMonitoring, nodeName: 'late@comer' });
    await eventually(() => expect(late.worker.view.revoked()).toContain('early'));
    await late.stop();
  });

  it('exchanges what is revoked with workers of Python, and passes over itself', async () => {
    const arguments_ = { from_node: 'python@host', revoked: { old: 1_700_000_000.5 } };
    const answer = await caller.answer(node, 'hello', arguments_);
    expect(answer).toMatchObject({ clock: expect.any(Number), revoked: expect.arrayContaining(['old']) });
    expect(await caller.answer(node, 'hello', { from_node: node })).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import { BrokerApi, type BrokerQueue } from '../../../cli/cluster/broker-api.ts';
import { brokerNamesGone, pruneBroker, verdictsOnQueues } from '../../../cli/deploy/broker-pruning.ts';

function queue(name: string, messages = 0, consumers = 0): BrokerQueue {
  return { name, ready: messages, unacked: 0, messages, consumers };
}

/** A broker in memory that notes what is removed from it. */
class FakeBroker extends BrokerApi {
  readonly removals: string[] = [];
  readonly #states: (readonly BrokerQueue[])[];
  readonly #bound: readonly string[];

  /** @param states what it has each time it is asked; the last one stays */
  constructor(states: readonly (readonly BrokerQueue[])[], bound: readonly string[] = []) {
    super({ url: 'http://broker.invalid', user: '', password: '' });
    this.#states = [...states];
    this.#bound = bound;
  }

  override async queues(): Promise<readonly BrokerQueue[]> {
    return (this.#states.length > 1 ? this.#states.shift() : this.#states[0]) ?? [];
  }

  override async removeQueue(name: string): Promise<void> {
    this.removals.push(`queue ${name}`);
  }

  override async removeExchange(name: string): Promise<boolean> {
    if (this.#bound.includes(name)) return false;
    this.removals.push(`exchange ${name}`);
    return true;
  }

  override async removePolicy(name: string): Promise<void> {
    this.removals.push(`policy ${name}`);
  }
}

const options = { retrySteps: ['retry'], force: false, signal: new AbortController().signal, countAgeMs: 0 };

describe('the names gone from a broker', () => {
  it('are compared by kind: an exchange does not stand in for a queue of its name', () => {
    const before = { queues: ['a', 'b'], exchanges: ['x'], policies: ['p', 'q'] };
    const now = { queues: ['b', 'x', 'new'], exchanges: ['a'], policies: ['p'] };
    expect(brokerNamesGone(before, now)).toEqual({ queues: ['a'], exchanges: ['x'], policies: ['q'] });
  });
});

describe('a queue that is no longer declared', () => {
  const judge = (live: readonly BrokerQueue[], force = false) =>
    verdictsOnQueues(['old', 'old.dead'], ['retry'], live, force);

  it('is removed if it is empty and nobody consumes it, and others are not touched', () => {
    const verdicts = judge([queue('old'), queue('kept')]);
    expect(verdicts).toEqual({ remove: ['old'], hold: new Map(), consumed: false });
  });

  it.each([
    [1, 'it has 1 message'],
    [2, 'it has 2 messages'],
  ])('stays while it has %i messages', (messages, reason) => {
    expect(judge([queue('old', messages)])).toMatchObject({ remove: [], hold: new Map([['old', reason]]) });
  });

  it('stays while it is consumed, which is worth waiting for', () => {
    expect(judge([queue('old', 0, 1)])).toMatchObject({ remove: [], consumed: true });
  });

  it('is not worth waiting for if it has messages besides its consumers', () => {
    expect(judge([queue('old', 3, 1)])).toMatchObject({ remove: [], consumed: false });
  });

  it('stays while messages wait for another attempt, unless it is for dead letters', () => {
    const verdicts = judge([queue('old'), queue('old.dead'), queue('retry', 2)]);
    expect(verdicts.remove).toEqual(['old.dead']);
    expect(verdicts.hold.get('old')).toContain('2 messages wait for another attempt');
  });

  it('is removed by force with all that is in it', () => {
    const verdicts = judge([queue('old', 5, 1), queue('old.dead', 1), queue('retry', 2)], true);
    expect(verdicts).toEqual({ remove: ['old', 'old.dead'], hold: new Map(), consumed: false });
  });
});

describe('pruning a broker', () => {
  const gone = { queues: ['a', 'b'], exchanges: ['a', 'b'], policies: ['a', 'b'] };

  it('leaves a queue with messages its policy and its exchange, and remembers all three', async () => {
    const broker = new FakeBroker([[queue('a', 1), queue('b')]]);
    const pruning = await pruneBroker(broker, gone, options);
    expect(broker.removals).toEqual(['queue b', 'policy b', 'exchange b']);
    expect(pruning).toEqual({
      removed: ['b'],
      held: new Map([['a', 'it has 1 message']]),
      left: { queues: ['a'], exchanges: ['a'], policies: ['a'] },
    });
  });

  it('keeps an exchange that something is bound to for the next time', async () => {
    const broker = new FakeBroker([[]], ['events']);
    const pruning = await pruneBroker(broker, { queues: [], exchanges: ['events'], policies: [] }, options);
    expect(pruning.removed).toEqual([]);
    expect(pruning.held).toEqual(new Map([['events', 'queues are bound to it']]));
    expect(pruning.left.exchanges).toEqual(['events']);
  });

  it('waits for the last consumers to end', async () => {
    const broker = new FakeBroker([[queue('a', 0, 1)], [queue('a')]]);
    const pruning = await pruneBroker(broker, { queues: ['a'], exchanges: [], policies: [] }, options);
    expect(pruning).toMatchObject({ removed: ['a'], left: { queues: [] } });
  });

  it('keeps a queue whose message the broker had not counted at the first look', async () => {
    const broker = new FakeBroker([[queue('a')], [queue('a', 1)]]);
    const pruning = await pruneBroker(broker, { queues: ['a'], exchanges: [], policies: [] }, options);
    expect(broker.removals).toEqual([]);
    expect(pruning.held).toEqual(new Map([['a', 'it has 1 message']]));
  });

  it('gives every queue the time to report before it is taken for empty', async () => {
    const broker = new FakeBroker([[queue('a')]]);
    const asked: number[] = [];
    broker.queues = async () => {
      asked.push(performance.now());
      return [queue('a')];
    };
    await pruneBroker(broker, { queues: ['a'], exchanges: [], policies: [] }, { ...options, countAgeMs: 50 });
    const [first = 0, last = 0] = [asked[0], asked.at(-1)];
    expect(last - first).toBeGreaterThanOrEqual(45);
  });

  it('removes nothing if it is interrupted while it waits', async () => {
    const broker = new FakeBroker([[queue('a', 0, 1), queue('b')]]);
    const pruning = pruneBroker(broker, gone, { ...options, signal: AbortSignal.abort() });
    await expect(pruning).rejects.toMatchObject({ name: 'AbortError' });
    expect(broker.removals).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { AckBatch } from '../../workers/messaging/ack-batch.ts';

interface Tagged {
  readonly fields: { readonly deliveryTag: number };
}

function delivery(deliveryTag: number): Tagged {
  return { fields: { deliveryTag } };
}

/** A batch, and what it sent: `5*` acknowledges all up to 5, `5` only 5. */
function recordingBatch() {
  const sent: string[] = [];
  const batch = new AckBatch<Tagged>(({ fields }, allUpTo) => {
    sent.push(`${fields.deliveryTag}${allUpTo ? '*' : ''}`);
  });
  return { batch, sent };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a batch of acknowledgements', () => {
  it('acknowledges what one turn of the event loop settled with a single frame', async () => {
    const { batch, sent } = recordingBatch();
    for (const tag of [1, 2, 3]) batch.add(delivery(tag));
    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual(['3*']);
  });

  it('needs no multiple acknowledgement for one delivery', async () => {
    const { batch, sent } = recordingBatch();
    batch.add(delivery(1));
    await nextTurn();
    expect(sent).toEqual(['1']);
  });

  it('acknowledges those behind a gap one by one and never a delivery that is still open', async () => {
    const { batch, sent } = recordingBatch();
    for (const tag of [1, 2, 4, 6]) batch.add(delivery(tag));
    await nextTurn();
    expect(sent).toEqual(['2*', '4', '6']);
  });

  it('names a delivery that is still unacknowledged when a gap closes', async () => {
    const { batch, sent } = recordingBatch();
    for (const tag of [2, 3]) batch.add(delivery(tag));
    await nextTurn();
    batch.add(delivery(1));
    await nextTurn();
    expect(sent).toEqual(['2', '3', '1']);
    for (const tag of [4, 5]) batch.add(delivery(tag));
    await nextTurn();
    expect(sent).toEqual(['2', '3', '1', '5*']);
  });

  it('steps over deliveries that were given back', async () => {
    const { batch, sent } = recordingBatch();
    batch.skip(delivery(2));
    batch.skip(delivery(4));
    for (const tag of [1, 3]) batch.add(delivery(tag));
    await nextTurn();
    expect(sent).toEqual(['3*']);
  });

  it('sends at once what waits when it is flushed, and nothing twice', async () => {
    const { batch, sent } = recordingBatch();
    batch.add(delivery(1));
    batch.flush();
    expect(sent).toEqual(['1']);
    await nextTurn();
    expect(sent).toEqual(['1']);
  });

  it('acknowledges every delivery exactly once, and none before it is settled, in any order', async () => {
    for (let round = 0; round < 300; round += 1) {
      const settled = new Set<number>();
      const acknowledged = new Set<number>();
      const batch = new AckBatch<Tagged>(({ fields: { deliveryTag } }, allUpTo) => {
        expect(acknowledged.has(deliveryTag)).toBe(false);
        for (let tag = allUpTo ? 1 : deliveryTag; tag <= deliveryTag; tag += 1) {
          expect(settled.has(tag)).toBe(true);
          acknowledged.add(tag);
        }
      });
      const tags = Array.from({ length: 40 }, (_, index) => index + 1).sort(() => Math.random() - 0.5);
      const givenBack = new Set(tags.filter(() => Math.random() < 0.1));
      for (const tag of tags) {
        settled.add(tag);
        if (givenBack.has(tag)) batch.skip(delivery(tag));
        else batch.add(delivery(tag));
        if (Math.random() < 0.2) batch.flush();
      }
      batch.flush();
      for (const tag of tags) expect(acknowledged.has(tag) || givenBack.has(tag)).toBe(true);
      await nextTurn();
    }
  });
});

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Gate } from '../../../workers/celery/worker/gate.ts';
import { Slots } from '../../../workers/celery/worker/slots.ts';

function makeSlots(size: number, autoscale?: { readonly max: number; readonly min: number }) {
  const gate = new Gate();
  const sizes: number[] = [];
  const slots: Slots = new Slots({
    size,
    autoscale,
    gate,
    closing: new AbortController().signal,
    onResize: () => sizes.push(slots.size),
  });
  const began: string[] = [];
  const releases = new Map<string, () => void>();
  const enter = (name: string) =>
    slots.enter((release) => {
      began.push(name);
      releases.set(name, release);
    });
  return { slots, gate, sizes, began, enter, release: (name: string) => releases.get(name)?.() };
}

describe('slots', () => {
  it('let as many begin as there are, and the next when one is free, in order', () => {
    const { began, enter, release } = makeSlots(2);
    for (const name of ['a', 'b', 'c', 'd']) enter(name);
    expect(began).toEqual(['a', 'b']);
    release('b');
    release('b');
    expect(began).toEqual(['a', 'b', 'c']);
  });

  it('forget who left the line', () => {
    const { began, enter, release } = makeSlots(1);
    enter('a');
    const leave = enter('b');
    enter('c');
    leave();
    release('a');
    expect(began).toEqual(['a', 'c']);
  });

  it('let more begin when they become more, and fewer when they become fewer, but never none', () => {
    const { slots, sizes, began, enter, release } = makeSlots(1);
    for (const name of ['a', 'b', 'c']) enter(name);
    slots.resize(2);
    expect(began).toEqual(['a', 'b']);
    slots.resize(-3);
    expect(slots.size).toBe(1);
    release('a');
    expect(began).toEqual(['a', 'b']);
    release('b');
    expect(began).toEqual(['a', 'b', 'c']);
    expect(sizes).toEqual([2, 1]);
  });

  it('let nobody begin while the gate is closed', async () => {
    const { gate, began, enter } = makeSlots(2);
    const open = gate.close();
    const openToo = gate.close();
    enter('a');
    await turn();
    expect(began).toEqual([]);
    open();
    await turn();
    expect(began).toEqual([]);
    openToo();
    await turn();
    expect(began).toEqual(['a']);
  });

  it('follow the load between their limits', () => {
    const { slots, began, enter } = makeSlots(1, { max: 3, min: 1 });
    for (const name of ['a', 'b', 'c', 'd']) enter(name);
    expect(began).toEqual(['a', 'b', 'c']);
    expect(slots.size).toBe(3);
    slots.setAutoscale({ max: 4, min: 2 });
    expect(began).toEqual(['a', 'b', 'c', 'd']);
  });
});

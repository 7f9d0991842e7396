import { describe, expect, it } from '@jest/globals';
import { MessagingEmitter } from '../../workers/messaging/events.ts';
import { MemoryLog } from './test-runtime.ts';

describe('the events of the runtime', () => {
  it('reach all their listeners until they are removed', () => {
    const emitter = new MessagingEmitter(new MemoryLog());
    const heard: string[] = [];
    const remove = emitter.on('lost', ({ reason }) => heard.push(`a ${reason}`));
    emitter.on('lost', ({ reason }) => heard.push(`b ${reason}`));
    emitter.emit('lost', { reason: '1' });
    remove();
    emitter.emit('lost', { reason: '2' });
    emitter.emit('connected', { reconnect: false });
    expect(heard).toEqual(['a 1', 'b 1', 'b 2']);
  });

  it('are not stopped by a listener that throws', () => {
    const log = new MemoryLog();
    const emitter = new MessagingEmitter(log);
    const heard: number[] = [];
    emitter.on('resent', () => {
      throw new Error('broken listener');
    });
    emitter.on('resent', ({ count }) => heard.push(count));
    emitter.emit('resent', { count: 3 });
    expect(heard).toEqual([3]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { event: 'resent' } }]);
  });
});

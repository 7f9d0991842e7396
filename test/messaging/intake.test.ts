import { describe, expect, it, jest } from '@jest/globals';
import type { Channel, Message } from 'amqplib';
import { Intake } from '../../workers/messaging/intake.ts';
import { messageOf } from './received-of.ts';

/** The part of a channel that an intake uses. */
function recordingChannel() {
  const sent: string[] = [];
  let closed = false;
  const guard = () => {
    if (!closed) return;
    const error = new Error('Channel closed');
    error.name = 'IllegalOperationError';
    throw error;
  };
  const channel = {
    ack: ({ fields }: Message, allUpTo: boolean) => {
      guard();
      sent.push(`ack ${fields.deliveryTag}${allUpTo ? '*' : ''}`);
    },
    nack: ({ fields }: Message, allUpTo: boolean, requeue: boolean) => {
      guard();
      sent.push(`nack ${fields.deliveryTag} ${allUpTo} ${requeue}`);
    },
    reject: ({ fields }: Message, requeue: boolean) => {
      guard();
      sent.push(`reject ${fields.deliveryTag} ${requeue}`);
    },
  };
  return {
    channel: channel as unknown as Channel,
    sent,
    close: () => {
      closed = true;
    },
  };
}

describe('the deliveries of a channel', () => {
  it('are acknowledged once, together with others of the same turn', () => {
    const { channel, sent } = recordingChannel();
    const intake = new Intake(channel);
    const [a, b] = [intake.hold(messageOf(1)), intake.hold(messageOf(2))];
    expect(a.reply.ack()).toBe(true);
    expect(a.reply.ack()).toBe(false);
    expect(b.reply.ack()).toBe(true);
    intake.flush();
    expect(sent).toEqual(['ack 2*']);
  });

  it('are given back one by one as failed, and then not acknowledged', () => {
    const { channel, sent } = recordingChannel();
    const intake = new Intake(channel);
    const { reply } = intake.hold(messageOf(1));
    reply.handBack();
    reply.handBack();
    expect(reply.ack()).toBe(false);
    intake.flush();
    expect(sent).toEqual(['reject 1 true']);
  });

  it('are lost with the channel: aborted, and no longer anybody’s to acknowledge', () => {
    const { channel, sent } = recordingChannel();
    const intake = new Intake(channel);
    const { reply, begin } = intake.hold(messageOf(1));
    expect(intake.lose(new Error('gone'))).toBe(1);
    expect(reply.signal.reason).toEqual(new Error('gone'));
    expect(begin()).toBe(false);
    expect(reply.ack()).toBe(false);
    reply.handBack();
    intake.flush();
    expect(sent).toEqual([]);
  });

  it('that nobody began go back at once without having failed, the others stay', () => {
    const { channel, sent } = recordingChannel();
    const intake = new Intake(channel);
    const [begun, waiting] = [intake.hold(messageOf(1)), intake.hold(messageOf(2))];
    expect(begun.begin()).toBe(true);
    expect(intake.handBackUnstarted()).toBe(1);
    expect(sent).toEqual(['nack 2 false true']);
    expect(waiting.begin()).toBe(false);
    expect(waiting.reply.signal.aborted).toBe(true);
    expect(begun.reply.signal.aborted).toBe(false);
    expect(begun.reply.ack()).toBe(true);
  });

  it('tell how long the oldest of them has been held', () => {
    const intake = new Intake(recordingChannel().channel);
    expect(intake.keptMs).toBeUndefined();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000);
    const oldest = intake.hold(messageOf(1));
    clock.mockReturnValue(3_000);
    intake.hold(messageOf(2));
    clock.mockReturnValue(4_000);
    expect(intake.keptMs).toBe(3_000);
    oldest.reply.ack();
    expect(intake.keptMs).toBe(1_000);
    clock.mockRestore();
  });

  it('raise no error when the channel is closing while they are settled', () => {
    const { channel, sent, close } = recordingChannel();
    const intake = new Intake(channel);
    const [a, b] = [intake.hold(messageOf(1)), intake.hold(messageOf(2))];
    close();
    a.reply.ack();
    b.reply.handBack();
    intake.flush();
    expect(sent).toEqual([]);
  });
});

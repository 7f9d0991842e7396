import { describe, expect, it } from '@jest/globals';
import type { V1ContainerStatus, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { troubleOf } from '../../../cli/cluster/pod-trouble.ts';

const image = 'registry.example/app:1';

function pod(status: V1PodStatus, metadata: V1Pod['metadata'] = {}): V1Pod {
  return { metadata: { name: 'shop-1', ...metadata }, status };
}

function container(overrides: Partial<V1ContainerStatus> = {}): V1ContainerStatus {
  return { name: 'app', image, imageID: '', ready: false, restartCount: 0, ...overrides };
}

function waiting(reason: string, message?: string): Partial<V1ContainerStatus> {
  return { state: { waiting: { reason, ...(message !== undefined && { message }) } } };
}

describe('the trouble of a pod', () => {
  it.each<[string, V1Pod]>([
    ['is ready', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })],
    ['has done its work', pod({ phase: 'Succeeded', conditions: [{ type: 'Ready', status: 'False' }] })],
    ['is about to end', pod({ phase: 'Pending' }, { deletionTimestamp: new Date(0) })],
  ])('is none when it %s', (_, calm) => {
    expect(troubleOf(calm)).toBeUndefined();
  });

  it('is the words of the scheduler when no node takes it', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }];
    expect(troubleOf(pod({ phase: 'Pending', conditions }))).toEqual({
      pod: 'shop-1',
      reason: 'FailedScheduling',
      message: '0/3 nodes are available',
      cause: 'FailedScheduling: 0/3 nodes are available',
      lasting: false,
      logs: false,
    });
  });

  it('names the missing room when the scheduler says nothing', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False' }];
    expect(troubleOf(pod({ conditions }))?.message).toBe('no node has room for it');
  });

  it('is lasting without logs when an image cannot be had', () => {
    const containerStatuses = [container(waiting('ImagePullBackOff', 'Back-off pulling'))];
    expect(troubleOf(pod({ phase: 'Pending', containerStatuses }))).toEqual({
      pod: 'shop-1',
      container: 'app',
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling',
      cause: `image ${image}`,
      lasting: true,
      logs: false,
    });
  });

  it('has one cause for one image, however the API words the attempts', () => {
    const causes = [
      ['ErrImagePull', 'not found'],
      ['ImagePullBackOff', 'Back-off'],
    ].map(
      ([reason = '', message = '']) =>
        troubleOf(pod({ containerStatuses: [container(waiting(reason, message))] }))?.cause,
    );
    expect(causes).toEqual([`image ${image}`, `image ${image}`]);
  });

  it('has the message as its cause when the configuration is wrong', () => {
    const containerStatuses = [container(waiting('CreateContainerConfigError', 'secret "a" not found'))];
    expect(troubleOf(pod({ containerStatuses }))).toMatchObject({
      cause: 'secret "a" not found',
      lasting: true,
    });
  });

  it('falls back on the image when a lasting reason comes without a message', () => {
    const containerStatuses = [container(waiting('InvalidImageName'))];
    expect(troubleOf(pod({ containerStatuses }))?.message).toBe(image);
  });

  it('tells how a container in a crash loop last ended', () => {
    const crashing = container({
      ...waiting('CrashLoopBackOff', 'back-off 5m0s'),
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      restartCount: 4,
    });
    expect(troubleOf(pod({ phase: 'Running', containerStatuses: [crashing] }))).toEqual({
      pod: 'shop-1',
      container: 'app',
      reason: 'CrashLoopBackOff',
      message: 'ended with exit code 137 (OOMKilled), restarted 4 times',
      cause: 'app ended with exit code 137 (OOMKilled), restarted 4 times',
      lasting: true,
      logs: true,
    });
  });

  it('says only that a container ended when its end is not recorded', () => {
    const crashing = container({ ...waiting('CrashLoopBackOff'), restartCount: 1 });
    expect(troubleOf(pod({ containerStatuses: [crashing] }))?.message).toBe('ended, restarted 1 time');
  });

  it('may pass when a container has ended once, and leaves out the reason Error', () => {
    const ended = container({ state: { terminated: { exitCode: 1, reason: 'Error' } } });
    expect(troubleOf(pod({ phase: 'Running', containerStatuses: [ended] }))).toMatchObject({
      reason: 'Error',
      message: 'ended with exit code 1, restarted 0 times',
      lasting: false,
      logs: true,
    });
  });

  it('is that of an init container before that of the others', () => {
    const initContainerStatuses = [
      container({ name: 'done', state: { terminated: { exitCode: 0 } } }),
      container({ name: 'wait', state: { terminated: { exitCode: 2 } } }),
    ];
    const containerStatuses = [container(waiting('ErrImagePull', 'not found'))];
    expect(troubleOf(pod({ initContainerStatuses, containerStatuses }))?.container).toBe('wait');
  });

  it('is the reason of the pod when it failed as a whole', () => {
    expect(
      troubleOf(pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' })),
    ).toMatchObject({ reason: 'Evicted', cause: 'Evicted: The node was low on memory.' });
  });

  it('is what a starting container waits for', () => {
    const containerStatuses = [container(waiting('ContainerCreating'))];
    expect(troubleOf(pod({ phase: 'Pending', containerStatuses }))).toMatchObject({
      reason: 'ContainerCreating',
      message: 'it has not started',
      lasting: false,
    });
  });

  it('is that it pends when nothing about its containers is known', () => {
    expect(troubleOf(pod({ phase: 'Pending' }))?.reason).toBe('Pending');
  });

  it('is the first container that runs and is not ready', () => {
    const running = { state: { running: {} } };
    const containerStatuses = [
      container({ ...running, name: 'proxy', ready: true }),
      container({ ...running, name: 'app' }),
    ];
    expect(troubleOf(pod({ phase: 'Running', containerStatuses }))).toMatchObject({
      container: 'app',
      reason: 'Unready',
      lasting: false,
      logs: true,
    });
  });
});

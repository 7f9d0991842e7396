import { describe, expect, it } from '@jest/globals';
import type { ClusterObject, ObjectId } from '../../../cli/cluster/cluster-object.ts';
import {
  emptyInventory,
  type Inventory,
  inventoryId,
  inventoryObject,
  noLongerIn,
  readInventory,
  unionOf,
} from '../../../cli/deploy/inventory.ts';

const deployment = (name: string): ObjectId => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace: 'eats',
});

const inventory: Inventory = {
  objects: [deployment('one'), { apiVersion: 'v1', kind: 'Namespace', name: 'eats' }],
  broker: { queues: ['orders'], exchanges: ['events'], policies: ['limit'] },
};

describe('an inventory', () => {
  it('is read back from its ConfigMap as it was written', () => {
    expect(readInventory(inventoryObject('eats', inventory))).toEqual(inventory);
  });

  it('is kept in an object of the platform under the id it is looked up by', () => {
    const { apiVersion, kind, metadata } = inventoryObject('eats', inventory);
    expect({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace }).toEqual(
      inventoryId('eats'),
    );
    expect(metadata.labels?.['app.kubernetes.io/managed-by']).toBe('smarteats');
  });

  it('is empty where nothing was deployed before', () => {
    expect(readInventory(undefined)).toBe(emptyInventory);
  });

  const intact = { 'objects.json': '[]', 'broker.json': '{"queues":[],"exchanges":[],"policies":[]}' };
  it.each([
    ['no data', undefined],
    ['no list of objects', { 'broker.json': intact['broker.json'] }],
    ['text that is not JSON', { ...intact, 'objects.json': '[{' }],
    ['an object without a name', { ...intact, 'objects.json': '[{"apiVersion":"v1","kind":"Secret"}]' }],
    ['broker names of which a list is missing', { ...intact, 'broker.json': '{"queues":[]}' }],
  ])('is reported as damaged, by name, rather than taken for empty if it has %s', (_, data) => {
    const damaged: ClusterObject = { ...inventoryObject('eats', emptyInventory), data };
    expect(() => readInventory(damaged)).toThrow(
      expect.objectContaining({
        code: 'RECORD_CORRUPT',
        message: expect.stringContaining('configmap/smarteats-inventory in eats is damaged'),
      }),
    );
  });
});

describe('the objects no longer in an inventory', () => {
  it('are those that only the earlier one names', () => {
    const gone = noLongerIn([deployment('one')], [deployment('one'), deployment('two')]);
    expect(gone).toEqual([deployment('two')]);
  });

  it('do not include one that moved to another version of its API', () => {
    const before = { ...deployment('one'), apiVersion: 'apps/v1beta1' };
    expect(noLongerIn([deployment('one')], [before])).toEqual([]);
  });

  it('include one of the same name in another namespace, API group or kind', () => {
    const others = [
      { ...deployment('one'), namespace: 'elsewhere' },
      { ...deployment('one'), apiVersion: 'extensions/v1' },
      { ...deployment('one'), kind: 'StatefulSet' },
    ];
    expect(noLongerIn([deployment('one')], others)).toEqual(others);
  });
});

describe('the union of two inventories', () => {
  it('names everything of either once', () => {
    const other: Inventory = {
      objects: [deployment('two'), deployment('one')],
      broker: { queues: ['orders', 'mails'], exchanges: [], policies: ['other'] },
    };
    expect(unionOf(inventory, other)).toEqual({
      objects: [...inventory.objects, deployment('two')],
      broker: { queues: ['orders', 'mails'], exchanges: ['events'], policies: ['limit', 'other'] },
    });
  });
});

import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ChordParts, ResultBackend } from '../results/result-backend.ts';

/**
 * What the body of a chord is called with. The results of a header in which groups are nested have its shape, which
 * was stored when it was sent; others are a plain list.
 */
export async function headerResults(
  group: string,
  { parts }: ChordParts,
  backend: ResultBackend,
): Promise<TaskValue[]> {
  const plain = parts.map(({ result }) => result);
  const shape = await backend.restoreGroup(group);
  if (shape === undefined || shape[1] === null) return plain;
  const byId = new Map(parts.map(({ id, result }) => [id, result]));
  return Promise.all(shape[1].map((member) => resultOf(member, byId, backend)));
}

async function resultOf(
  [[id], members]: ResultTuple,
  byId: ReadonlyMap<string, TaskValue>,
  backend: ResultBackend,
): Promise<TaskValue> {
  if (members !== null) return Promise.all(members.map((member) => resultOf(member, byId, backend)));
  const known = byId.get(id);
  return known === undefined ? ((await backend.read(id))?.result ?? null) : known;
}

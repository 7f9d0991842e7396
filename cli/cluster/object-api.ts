import {
  ApiException,
  HttpMethod,
  KubernetesObjectApi,
  PatchStrategy,
  type ResponseContext,
} from '@kubernetes/client-node';
import type { ClusterObject, ObjectId } from './cluster-object.ts';

/** Known to the API as the owner of the fields that a deployment sets. */
export const fieldManager = 'smarteats';

export interface ApplyOptions {
  /** The API checks everything and stores nothing. */
  readonly dryRun: boolean;
  /** Takes over fields that another field manager owns. */
  readonly takeOver: boolean;
}

/**
 * Objects of any kind, as plain JSON in both directions. The client's own typed serialization leaves fields out
 * whose names are reserved words, for instance `from` of a NetworkPolicy, which would then allow everybody in.
 */
export class ObjectApi extends KubernetesObjectApi {
  /** Whether the cluster has a kind: custom kinds come with their operator. */
  async knows({ apiVersion, kind }: Pick<ObjectId, 'apiVersion' | 'kind'>): Promise<boolean> {
    try {
      return (await this.resource(apiVersion, kind)) !== undefined;
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return false;
      throw error;
    }
  }

  /** @returns `undefined` if there is no such object, or not even its kind */
  async find(id: ObjectId): Promise<ClusterObject | undefined> {
    if (!(await this.knows(id))) return undefined;
    try {
      return await this.#send(HttpMethod.GET, await this.#path(id, 'read'));
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }

  /**
   * Server-side apply: creates the object, or sets the fields that it names and removes those it named before.
   * @returns the object as it is now, or would be
   * @throws ApiException 409 with the conflicting fields in its body's `details.causes`
   */
  async apply(object: ClusterObject, { dryRun, takeOver }: ApplyOptions): Promise<ClusterObject> {
    const { name, namespace } = object.metadata;
    const id = { ...object, name, ...(namespace !== undefined && { namespace }) };
    return this.#send(HttpMethod.PATCH, await this.#path(id, 'patch'), {
      body: object,
      query: { fieldManager, force: String(takeOver), ...(dryRun && { dryRun: 'All' }) },
    });
  }

  /** Removes an object, and what it owns soon after. An object that is gone already is no fault. */
  async remove(id: ObjectId): Promise<void> {
    try {
      const query = { propagationPolicy: 'Background' };
      await this.#send(HttpMethod.DELETE, await this.#path(id, 'delete'), { query });
    } catch (error) {
      if (!(error instanceof ApiException && error.code === 404)) throw error;
    }
  }

  #path({ apiVersion, kind, name, namespace }: ObjectId, action: 'read' | 'patch' | 'delete') {
    const metadata = { name, ...(namespace !== undefined && { namespace }) };
    return this.specUriPath({ apiVersion, kind, metadata }, action);
  }

  async #send(
    method: HttpMethod,
    path: string,
    { body, query = {} }: { body?: ClusterObject; query?: Readonly<Record<string, string>> } = {},
  ): Promise<ClusterObject> {
    const request = this.configuration.baseServer.makeRequestContext(path, method);
    request.setHeaderParam('accept', 'application/json');
    for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
    if (body !== undefined) {
      request.setHeaderParam('content-type', PatchStrategy.ServerSideApply);
      request.setBody(JSON.stringify(body));
    }
    return this.requestPromise(request);
  }

  protected override async processResponse<T>(response: ResponseContext): Promise<T> {
    const text = await response.body.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    if (response.httpStatusCode < 300) {
      // Whoever sends a request says what the API answers it with.
      return body as T;
    }
    throw new ApiException(response.httpStatusCode, 'refused', body, response.headers);
  }
}

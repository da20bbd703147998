// A client for the tests of the API server: plain HTTP, JSON in and out.

export interface ClientAnswer {
  readonly code: number;
  readonly headers: Headers;
  // The tests look into answers of every shape.
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WatchLine {
  readonly type: string;
  readonly object: {
    readonly metadata: {
      readonly name: string;
      readonly resourceVersion: string;
      readonly annotations?: unknown;
    };
    readonly code?: number;
  };
}

export interface OpenWatch {
  readonly lines: WatchLine[];
  /** Resolves when the server ended or broke the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Requests go to paths below the cluster's URL. */
export function createTestClient(url: string) {
  async function request(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<ClientAnswer> {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": contentType } }),
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith("{") ? JSON.parse(text) : { text };
    return { code: response.status, headers: response.headers, body: parsed as ClientAnswer["body"] };
  }

  async function watch(path: string): Promise<OpenWatch> {
    const abort = new AbortController();
    const response = await fetch(`${url}${path}`, { signal: abort.signal });
    const lines: WatchLine[] = [];
    const read = async (): Promise<void> => {
      let rest = "";
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
        rest = parts.pop() ?? "";
        for (const part of parts) lines.push(JSON.parse(part) as WatchLine);
      }
    };
    const ended = read().catch(() => undefined);
    return { lines, ended, close: () => abort.abort() };
  }

  return {
    watch,
    get: (path: string) => request("GET", path),
    post: (path: string, body: unknown) => request("POST", path, body),
    put: (path: string, body: unknown) => request("PUT", path, body),
    delete: (path: string, body?: unknown) => request("DELETE", path, body),
    jsonPatch: (path: string, body: unknown) => request("PATCH", path, body, "application/json-patch+json"),
    mergePatch: (path: string, body: unknown) => request("PATCH", path, body, "application/merge-patch+json"),
    strategicMergePatch: (path: string, body: unknown) =>
      request("PATCH", path, body, "application/strategic-merge-patch+json"),
    applyPatch: (path: string, body: unknown) => request("PATCH", path, body, "application/apply-patch+yaml"),
    patch: (path: string, body: unknown, contentType: string) => request("PATCH", path, body, contentType),
  };
}

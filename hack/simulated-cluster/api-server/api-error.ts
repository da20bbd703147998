// Refusals of the API server: the HTTP code and the Status body that a real one sends.

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string | undefined;
}

export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly Cause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** What a resource is called in messages and details. */
interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** Thrown by everything that handles a request; the server turns it into the answer. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The body of the answer. */
  status(): Readonly<Record<string, unknown>> {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      details: this.details,
      code: this.code,
    };
  }
}

/** "deployments.apps": a resource as messages name it. */
function qualifiedName(resource: Named): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: Named, name: string): StatusDetails {
  return { name, group: resource.group || undefined, kind: resource.plural };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(
    404,
    "NotFound",
    `${qualifiedName(resource)} "${name}" not found`,
    detailsOf(resource, name),
  );
}

export function alreadyExists(resource: Named, name: string): ApiError {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, detailsOf(resource, name));
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, detailsOf(resource, name));
}

/** The usual conflict: somebody else wrote first. */
export function modifiedMeanwhile(resource: Named, name: string): ApiError {
  return conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function forbidden(resource: Named, name: string, why: string): ApiError {
  const message = `${qualifiedName(resource)} "${name}" is forbidden: ${why}`;
  return new ApiError(403, "Forbidden", message, detailsOf(resource, name));
}

/** Nothing new is taken into a namespace that is being deleted. */
export function namespaceTerminating(resource: Named, name: string, namespace: string): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  const { code, reason, message, details } = forbidden(resource, name, why);
  return new ApiError(code, reason, message, { ...details, causes: [cause] });
}

/** 410: the client has to list anew. */
export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** A fault in one field; the message begins with what is wrong ("Invalid value: …"). */
export interface FieldError {
  readonly field: string;
  readonly reason:
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueRequired"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldValueNotSupported"
    | "FieldValueTooLong"
    | "FieldValueTooMany";
  readonly message: string;
}

export function invalid(resource: Named, name: string, faults: readonly FieldError[]): ApiError {
  const qualifiedKind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const texts = faults.map((fault) => `${fault.field}: ${fault.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new ApiError(422, "Invalid", `${qualifiedKind} "${name}" is invalid: ${list}`, {
    name,
    group: resource.group || undefined,
    kind: resource.kind,
    causes: faults.map(({ field, reason, message }) => ({ reason, message, field })),
  });
}

/** What a real server says of a JSON Patch whose `test` fails: deliberately not much. */
export function patchTestFailed(): ApiError {
  return new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

/** A patch after which the object cannot be read; the message does not name the object. */
export function badPatch(patch: string, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(patch)}: ${why}`;
  return new ApiError(422, "Invalid", ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field: "patch" }],
  });
}

// The OpenAPI v2 document, for kubectl when it meets a kind that no v3 document has: it says that there is nothing more.

/** A text as a field of a protobuf message. Short texts only: the length has to fit into seven bits. */
function textField(number: number, text: string): string {
  return String.fromCharCode(number * 8 + 2, text.length) + text;
}

/** kubectl reads v2 as protobuf alone: a Document of gnostic with swagger, info and no paths. */
const DOCUMENT =
  textField(1, "2.0") + textField(2, textField(1, "Kubernetes") + textField(2, "v1.36.2")) + textField(8, "");

/** The answer to /openapi/v2. */
export const LEGACY_OPENAPI = {
  code: 200,
  body: DOCUMENT,
  headers: { "content-type": "application/com.github.proto-openapi.spec.v2.v1.0+protobuf" },
} as const;

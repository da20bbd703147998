// The body of a request as text, whatever it came as.
import { decodeProtobuf } from "./protobuf/decode-protobuf.ts";

/** The media type of Kubernetes' protobuf. */
const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** The body as it came, or as JSON when it came as protobuf. Throws an ApiError for what cannot be read. */
export function bodyText(contentType: string, bytes: Buffer): string {
  if (contentType !== PROTOBUF || bytes.length === 0) return bytes.toString("utf8");
  return JSON.stringify(decodeProtobuf(bytes));
}

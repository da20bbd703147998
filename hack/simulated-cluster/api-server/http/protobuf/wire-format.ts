// The wire format of protobuf: a message as numbered fields. Only reads, and only what Kubernetes uses.
import { type ApiError, badRequest } from "../../api-error.ts";

export interface WireField {
  readonly number: number;
  /** The bytes of a text, a message or a double; or a whole number. */
  readonly value: Uint8Array | bigint;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The fields of a message in their order. 400 when the bytes are no message. */
export function* readFields(bytes: Uint8Array): Iterable<WireField> {
  let at = 0;

  function varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
    throw malformed();
  }

  function take(length: number): Uint8Array {
    if (length < 0 || at + length > bytes.length) throw malformed();
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        yield { number, value: varint() };
        break;
      case FIXED64:
        yield { number, value: take(8) };
        break;
      case BYTES:
        yield { number, value: take(Number(varint())) };
        break;
      case FIXED32:
        yield { number, value: take(4) };
        break;
      default:
        throw malformed();
    }
  }
}

function malformed(): ApiError {
  return badRequest("the body is no protobuf message");
}

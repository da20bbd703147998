import { expect } from "chai";
import { ApiError, ConnectionError, isRefusal } from "./api-error.ts";

const status = (message: string, causes: readonly object[] = []) => ({
  kind: "Status",
  message,
  details: { causes },
});
const invalid = [{ reason: "FieldValueInvalid", field: "spec.replicas", message: "must be 3 at most" }];

const REFUSALS: Record<string, ApiError> = {
  "a missing right": new ApiError("PATCH d", 403, status('User "o" cannot patch resource "deployments"')),
  "a quota": new ApiError("PATCH d", 403, status("exceeded quota: q, requested: cpu=1")),
  "a webhook that denies": new ApiError(
    "PATCH d",
    403,
    status('admission webhook "w" denied the request: no'),
  ),
  "a webhook that denies with 400": new ApiError(
    "PATCH d",
    400,
    status('admission webhook "w" denied the request'),
  ),
  "a webhook that denies with 409": new ApiError(
    "PATCH d",
    409,
    status('admission webhook "w" denied the request'),
  ),
  "a webhook that denies with 422": new ApiError(
    "PATCH d",
    422,
    status('admission webhook "w" denied the request'),
  ),
  "a policy": new ApiError(
    "PATCH d",
    422,
    status("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", [{ message: "no" }]),
  ),
  "a policy that says 401": new ApiError(
    "PATCH d",
    401,
    status("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no"),
  ),
  "an object that is not valid": new ApiError("PATCH d", 422, status("d is invalid", invalid)),
  "a webhook that cannot be asked": new ApiError(
    "PATCH d",
    500,
    status('failed calling webhook "w": timeout'),
  ),
};

const OTHERS: Record<string, Error> = {
  "a patch whose test fails": new ApiError("PATCH d", 422, status("the server rejected our request")),
  "another resourceVersion": new ApiError("PATCH d", 409, status("the object has been modified")),
  "an object that is gone": new ApiError("PATCH d", 404, status("not found")),
  "credentials that ran out": new ApiError("PATCH d", 401, status("Unauthorized")),
  "too many requests": new ApiError("PATCH d", 429, status("too many requests")),
  "an error of the server": new ApiError("PATCH d", 500, status("etcdserver: request timed out")),
  "a server that is away": new ApiError("PATCH d", 503, status("unavailable")),
  "no answer": new ConnectionError("PATCH d", "reset"),
};

describe("isRefusal", () => {
  for (const [what, error] of Object.entries(REFUSALS))
    it(`takes ${what} for a refusal`, () => {
      expect(isRefusal(error)).to.equal(true);
    });
  for (const [what, error] of Object.entries(OTHERS))
    it(`takes ${what} for none`, () => {
      expect(isRefusal(error)).to.equal(false);
    });
});

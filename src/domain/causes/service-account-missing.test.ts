import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { serviceAccountMissing } from "./service-account-missing.ts";

describe("serviceAccountMissing", () => {
  itRecognises(serviceAccountMissing, {
    "a service account": {
      ...refuses(
        'pods "x" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found',
      ),
      cause: "ServiceAccountMissing",
      certainty: "Certain",
      names: /ServiceAccount robot.*kubectl create serviceaccount robot -n shop/,
    },
  });
});

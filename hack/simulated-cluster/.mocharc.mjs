// How `npm test -w @rolloutguard/simulated-cluster` runs mocha.
export default {
  spec: ["**/*.test.ts"],
  parallel: true,
  jobs: 2,
  // Only for a test that hangs.
  timeout: 900_000,
  "forbid-only": true,
};

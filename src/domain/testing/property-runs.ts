// How often properties are tried: seldom in every run of the tests, as often as PROPERTY_RUNS says when somebody hunts for faults.

/** The setting for `fc.assert`: `usually` runs, or as many as the environment variable PROPERTY_RUNS asks for. */
export function propertyRuns(usually: number): { readonly numRuns: number } {
  const asked = Number(process.env["PROPERTY_RUNS"]);
  return { numRuns: asked > 0 ? asked : usually };
}

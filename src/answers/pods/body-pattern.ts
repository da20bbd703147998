// Whether the body of an answer matches. By RE2's rules, whose time grows with the body and never explodes; the engine is loaded
// when the first guard needs it.

/** Steps of the compiled pattern. What people write has ten or twenty; each step costs time for each character of a body. */
const MOST_STEPS = 100;

/** The pattern cannot be used. The message says why. */
export class BodyPatternError extends Error {
  override readonly name = "BodyPatternError";
}

/** Whether the pattern is found anywhere in the text. Rejects with BodyPatternError for a pattern that cannot be used. */
export async function bodyMatches(pattern: string, body: Buffer): Promise<boolean> {
  const { RE2JS } = await import("re2js");
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    throw new BodyPatternError("expect.body is not a regular expression that RE2 knows");
  }
  if (compiled.programSize() > MOST_STEPS) {
    throw new BodyPatternError("expect.body is too complex; use a shorter pattern with smaller counts");
  }
  return compiled.test(body.toString("utf8"));
}

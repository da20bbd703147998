// Many scenarios in one world at the same time, as in a real cluster: each in a namespace of its own, one operator for all.
import type { Operator } from "./operator.ts";
import type { Story } from "./story.ts";
import { startWorld, type World } from "./world.ts";

export type Scenario = (title: string, play: (story: Story) => Promise<void>) => void;

/** Describes scenarios that begin together and are reported one by one. `operators` is how many run at once; with `tls` requests do not wait for one another; `timeScale` as in `startWorld`. */
export function describeScenarios(
  title: string,
  tell: (scenario: Scenario) => void,
  {
    operators = 1,
    tls = false,
    timeScale,
  }: { readonly operators?: number; readonly tls?: boolean; readonly timeScale?: number } = {},
): void {
  describe(title, () => {
    const plays: { readonly namespace: string; readonly play: (story: Story) => Promise<void> }[] = [];
    const outcomes = new Map<string, Promise<void>>();
    let world: World;

    before(async () => {
      world = await startWorld({ tls, ...(timeScale !== undefined && { timeScale }) });
      const running = await Promise.all(Array.from({ length: operators }, () => world.startOperator()));
      for (const { namespace, play } of plays) {
        const outcome = play(world.story(namespace)).catch((error: unknown) => {
          throw withLog(error, running, namespace);
        });
        // Awaited by its test, which may come later than its failure.
        outcome.catch(() => {});
        outcomes.set(namespace, outcome);
      }
    });

    after(() => world.stop());

    tell((title, play) => {
      const namespace = `scenario-${plays.length + 1}`;
      plays.push({ namespace, play });
      it(title, () => outcomes.get(namespace));
    });
  });
}

/** The error with what the operators logged about the namespace. */
function withLog(error: unknown, operators: readonly Operator[], namespace: string): unknown {
  if (!(error instanceof Error)) return error;
  const reported = operators
    .flatMap(({ lines }) => lines)
    .filter(({ level, fields }) => level !== "debug" && String(fields["guard"]).startsWith(`${namespace}/`))
    .map(({ level, message }) => `  ${level}: ${message}`);
  error.message = [error.message, "the log:", ...reported].join("\n");
  return error;
}

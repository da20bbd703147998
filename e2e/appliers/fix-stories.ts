// The fix shipped by every applier, after a rollback by the operator and after one by a person: for simulated and real clusters.
import type { CommandRun } from "../../src/cli/testing/run-command.ts";
import type { Kubectl } from "../installed/kubectl.ts";
import { APPLIERS, type Applier } from "./applier.ts";
import { fixAfterAPerson, fixAfterTheOperator, type Shop } from "./ship-the-fix.ts";

/** Where the stories are played. */
export interface Site {
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly imageOf: (tag: string) => string;
  /** What the names of the namespaces end in. */
  readonly suffix: string;
  /** Runs kubectl rolloutguard in the namespace. */
  readonly command: (namespace: string, args: readonly string[]) => Promise<CommandRun>;
}

export interface FixStory {
  readonly title: string;
  /** Its namespace, but for the site's suffix. */
  readonly name: string;
  /** Makes its namespace, and leaves it. */
  play(site: Site): Promise<void>;
}

export const FIX_STORIES: readonly FixStory[] = APPLIERS.flatMap((applier) => [
  storyOf(applier, "operator", "the operator has rolled back", (shop) => fixAfterTheOperator(shop)),
  storyOf(applier, "person", "a person has rolled back", (shop, { command }) => {
    const rollback = ["rollback", "shop", "--yes", "--to-revision", "1"];
    return fixAfterAPerson(shop, () => command(shop.namespace, rollback));
  }),
]);

function storyOf(
  applier: Applier,
  who: string,
  when: string,
  play: (shop: Shop, site: Site) => Promise<void>,
): FixStory {
  const name = `${applier.name}-after-${who}`;
  return {
    title: `by ${applier.title}, when ${when}`,
    name,
    async play(site) {
      const { kubectl, kubeconfig, imageOf, suffix } = site;
      const namespace = `${name}${suffix}`;
      await kubectl(["create", "namespace", namespace]);
      const place = { kubectl, kubeconfig, namespace };
      const ship = applier.shipper(place);
      const { advised } = applier;
      const advice = advised && { command: advised.command(namespace), follow: () => advised.follow(place) };
      await play({ kubectl, namespace, ship, advice, imageOf }, site);
    },
  };
}

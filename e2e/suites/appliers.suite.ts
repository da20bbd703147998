// After a rollback the fix is shipped by Helm and by kubectl, without force, and finds no leftover.
import { runCommand } from "../../src/cli/testing/run-command.ts";
import { FIX_STORIES, type Site } from "../appliers/fix-stories.ts";
import { underTest } from "./under-test.ts";

describe("the fix ships without force, and nothing is left behind,", () => {
  const { cluster, kubeconfig, kubectl, round, only } = underTest();
  const site: Site = {
    kubeconfig,
    kubectl,
    imageOf: (tag) => cluster.applicationImage(tag),
    suffix: `-${round}`,
    command: (namespace, args) => runCommand([...args, "--kubeconfig", kubeconfig, "-n", namespace]),
  };
  const chosen = FIX_STORIES.filter(({ title }) => title.includes(only));
  let ends: ReadonlyMap<string, Promise<void>>;

  before(() => {
    ends = new Map(chosen.map((story) => [story.name, story.play(site)]));
    // Each is awaited by its test, which may come later than its failure.
    for (const end of ends.values()) end.catch(() => {});
  });

  after(async () => {
    await Promise.allSettled(ends.values());
    const namespaces = chosen.map(({ name }) => `${name}${site.suffix}`);
    await kubectl(["delete", "namespace", ...namespaces, "--ignore-not-found", "--timeout=120s"]);
  });

  for (const { title, name } of chosen) it(title, () => ends.get(name));
});

// The story of every applier: a release fails and is rolled back, and the release that fixes it is shipped as always.
import { expect } from "chai";
import type { CommandRun } from "../../src/cli/testing/run-command.ts";
import { blocksNextApply } from "../../src/kube/field-owners/hand-over.ts";
import { managedEntries } from "../../src/kube/field-owners/managed-entry.ts";
import { asList, asObject, asText, asTexts, type RawObject } from "../../src/kube/objects.ts";
import { type Kubectl, kubectlJson } from "../installed/kubectl.ts";
import { poll } from "../testing/eventually.ts";
import { SHOP } from "../testing/shop.ts";
import type { Ship } from "./applier.ts";
import { deploymentOf, FAILS, FIXED, manifestsOf, type Release, UNWANTED, WORKS } from "./releases.ts";

export interface Shop {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  readonly ship: Ship;
  /** What has to be done before the fix is shipped, where RolloutGuard cannot clean up. */
  readonly advice: { readonly command: string; readonly follow: () => Promise<void> } | undefined;
  readonly imageOf: (tag: string) => string;
}

/** Real time, for what happens in a simulated cluster in a second. */
const PATIENCE_MS = 240_000;
const EVERY_MS = 500;

/** The operator rolls back, and the fix is shipped. */
export async function fixAfterTheOperator(shop: Shop): Promise<void> {
  await shipped(shop, WORKS);
  await eventually("the first release is good", async () => {
    const { lastGood } = asObject((await read(shop, "rolloutguard")).status);
    return lastGood !== undefined;
  });
  await shipped(shop, FAILS);
  await isRolledBack(shop);
  await eventually("the Incident says what is to be done", async () => {
    const [incident] = asList((await readAll(shop, "incidents")).items).map(asObject);
    const { remedy, phase } = asObject(incident?.status);
    return phase !== "Acting" && asText(remedy).includes(shop.advice?.command ?? "");
  });
  await theFixShips(shop);
}

/** A person rolls back by `kubectl rolloutguard rollback`, and the fix is shipped. */
export async function fixAfterAPerson(shop: Shop, rollback: () => Promise<CommandRun>): Promise<void> {
  await shipped(shop, WORKS);
  await isComplete(shop);
  await shipped(shop, UNWANTED);
  await isComplete(shop);
  const { exitCode, out, err } = await rollback();
  expect(exitCode, `${out}${err}`).to.equal(0);
  expect(out.replaceAll(/\s+/g, " ")).to.contain(shop.advice?.command ?? "");
  await isRolledBack(shop);
  await theFixShips(shop);
}

async function theFixShips(shop: Shop): Promise<void> {
  await shop.advice?.follow();
  await shipped(shop, FIXED);
  const { kubectl, namespace, imageOf } = shop;
  const live = await read(shop, "deployment");
  const other = JSON.stringify(deploymentOf(namespace, "shop-fresh", FIXED, imageOf));
  const words = ["--namespace", namespace, "create", "--dry-run=server", "-o", "json", "-f", "-"];
  const fresh = JSON.parse(await kubectl(words, other)) as RawObject;
  expect(templateOf(live, SHOP), "the pod template, as on a new cluster").to.deep.equal(
    templateOf(fresh, "shop-fresh"),
  );
  expect(asTexts(asObject(live.metadata).annotations)).to.include({
    "kubernetes.io/change-cause": "ship v3",
  });
  const owners = managedEntries(live).filter(({ fields }) => "f:spec" in fields);
  expect(owners.map(({ manager }) => manager).join(), "who owns the spec").to.not.contain("rolloutguard");
  await isComplete(shop);
}

async function isRolledBack(shop: Shop): Promise<void> {
  await eventually("the release is rolled back, and nothing stands in the way of the next", async () => {
    const deployment = await read(shop, "deployment");
    return isOf(deployment, shop.imageOf(WORKS.tag)) && !blocksNextApply(deployment);
  });
}

async function isComplete(shop: Shop): Promise<void> {
  await eventually("the rollout is complete", async () => {
    const { metadata, status } = await read(shop, "deployment");
    const { observedGeneration, updatedReplicas, replicas, availableReplicas } = asObject(status);
    const isSeen = observedGeneration === asObject(metadata).generation;
    return isSeen && updatedReplicas === 2 && replicas === 2 && availableReplicas === 2;
  });
}

function shipped({ ship, namespace, imageOf }: Shop, release: Release): Promise<void> {
  return ship(manifestsOf(namespace, release, imageOf));
}

function readAll({ kubectl, namespace }: Shop, kind: "incidents"): Promise<RawObject> {
  return kubectlJson(kubectl, ["--namespace", namespace, "get", kind]);
}

function read({ kubectl, namespace }: Shop, kind: "deployment" | "rolloutguard"): Promise<RawObject> {
  return kubectlJson(kubectl, ["--namespace", namespace, "get", kind, SHOP, "--show-managed-fields"]);
}

/** With the name of the application taken out. */
function templateOf(deployment: RawObject, name: string): unknown {
  const text = JSON.stringify(asObject(deployment.spec).template);
  return JSON.parse(text.replaceAll(`"app":"${name}"`, '"app":"NAME"'));
}

function isOf(deployment: RawObject, image: string): boolean {
  return JSON.stringify(asObject(deployment.spec).template).includes(`"image":"${image}"`);
}

async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  const found = await poll(isSo, EVERY_MS, () => performance.now() > endsAt);
  if (found === undefined) throw new Error(`not within ${PATIENCE_MS / 1_000} s: ${what}`);
}

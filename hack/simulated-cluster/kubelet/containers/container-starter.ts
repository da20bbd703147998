// Brings one container to its start: image, environment, creation; what fails is tried again and again.
import type { Container, Pod } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { type Application, applicationOf } from "../application.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import { imageDigest } from "../image-name.ts";
import { ImagePuller } from "../images/image-puller.ts";
import type { Images } from "../images/images.ts";
import type { Timers } from "../timing/timers.ts";
import { TIMING } from "../timing/timing.ts";
import { containerEnvironment } from "./container-environment.ts";
import type { ContainerHistory } from "./container-history.ts";
import { missingDependency } from "./dependencies.ts";
import { type ContainerRole, isSidecar } from "./restart-policy.ts";

export interface ContainerStarterParts {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly faults: NodeFaults;
  /** As the API shows it now. */
  pod(): Pod;
  readonly role: ContainerRole;
  readonly history: ContainerHistory;
  readonly timers: Timers;
  readonly record: (type: "Normal" | "Warning", reason: string, message: string) => void;
  /** Shows a problem in the container's status. */
  readonly showWaiting: (reason: string, message: string) => void;
  /** The process runs from now on. */
  readonly started: (application: Application) => void;
  /** The runtime found nothing to run: an end like any other. */
  readonly failed: (exitCode: number) => void;
}

export class ContainerStarter {
  readonly #parts: ContainerStarterParts;
  readonly #imagePuller: ImagePuller;

  constructor(starterParts: ContainerStarterParts) {
    const { parts, images, faults, role, timers, record, showWaiting } = starterParts;
    this.#parts = starterParts;
    this.#imagePuller = new ImagePuller(role.container, {
      parts,
      images,
      faults,
      pod: () => starterParts.pod(),
      record,
      showWaiting,
      after: (delayMs, callback) => timers.after(delayMs, callback),
    });
  }

  /** Tries until the container runs, cannot be started, or its timers are stopped. */
  start(): void {
    this.#imagePuller.get(() => this.#create());
  }

  #create(): void {
    const { parts, images, faults, role, history, timers, record, started } = this.#parts;
    const { container, isInit } = role;
    const pod = this.#parts.pod();
    const { nodeName = "" } = pod.spec;
    const defaults = images.envOf(container.image, nodeName);
    const resolved = containerEnvironment(parts.objects, pod, container, defaults);
    if ("problem" in resolved) {
      this.#failBeforeCreation("CreateContainerConfigError", resolved.problem);
      return;
    }
    if (faults.hit("create", { pod, image: container.image }) !== undefined) {
      this.#failBeforeCreation("CreateContainerError", nameReserved(pod, container));
      return;
    }
    const application = applicationOf(resolved.env, {
      starts: history.starts,
      isInit: isInit && !isSidecar(role),
      missing: missingDependency(parts, pod.metadata.namespace ?? "", resolved.env["NEEDS"]),
    });
    timers.within(TIMING.containerCreated, () => {
      record("Normal", "Created", "Container created");
      history.create(`containerd://${parts.random.hex(64)}`, images.idOf(container.image, nodeName));
      if (application.isCommandMissing) return this.#failToStart();
      timers.within(TIMING.containerStarted, () => started(application));
    });
  }

  /** As with images, the status shows the problem at the second look. */
  #failBeforeCreation(reason: string, message: string): void {
    const { history, timers, record, showWaiting } = this.#parts;
    record("Warning", "Failed", `Error: ${message}`);
    const isShown = history.waitingReason === reason;
    timers.within(isShown ? TIMING.sync : TIMING.configErrorStatus, () => {
      showWaiting(reason, message);
      this.start();
    });
  }

  #failToStart(): void {
    const { parts, history, timers, record, showWaiting, failed } = this.#parts;
    const [command = "/app"] = this.#parts.role.container.command ?? [];
    const why = command.includes("/")
      ? `stat ${command}: no such file or directory`
      : "executable file not found in $PATH";
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      `unable to start container process: error during container init: exec: "${command}": ${why}`;
    record("Warning", "Failed", `Error: ${message}`);
    history.failToStart(message, parts.time.timestamp());
    showWaiting("RunContainerError", message);
    timers.within(TIMING.secondSync, () => failed(128));
  }
}

/** What containerd says while the creation that it was asked for first, and that the kubelet gave up, is not over. */
function nameReserved({ metadata }: Pod, { name }: Container): string {
  const reserved = `"${name}_${metadata.name}_${metadata.namespace}_${metadata.uid}_0"`;
  return `failed to reserve container name ${reserved}: name ${reserved} is reserved for "${imageDigest(reserved)}"`;
}

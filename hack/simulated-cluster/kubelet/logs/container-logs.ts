// What a container's process has written: this run and the one before, as the node keeps them.
import type { ContainerStatus } from "../../api-server/kinds.ts";
import type { LogLine, LogOfContainer } from "../../api-server/log-of-container.ts";
import type { Application } from "../application.ts";

/** One start of the container, from its first line to its last. */
interface Run {
  readonly containerID: string | undefined;
  readonly application: Application;
  /** When it begins to listen (epoch ms); undefined while it waits for something. */
  listensAt?: number;
  end?: { readonly at: number; readonly message: string | undefined };
}

export class ContainerLogs {
  #run: Run | undefined;
  #before: Run | undefined;

  begin(application: Application, containerID: string): void {
    this.#before = this.#run;
    this.#run = { application, containerID };
  }

  /** The application of this run begins to listen at that time (epoch ms). */
  listen(at: number): void {
    if (this.#run) this.#run.listensAt = at;
  }

  end(at: number, message: string | undefined): void {
    if (this.#run && !this.#run.end) this.#run.end = { at, message };
  }

  /**
   * The log that a kubelet gives for the container in this state. Of the runs that are over the node keeps one: while
   * the container has ended and was not restarted yet, the one before is removed.
   */
  read(
    pod: string,
    { name, state, lastState }: ContainerStatus,
    previous: boolean,
    now: number,
  ): LogOfContainer {
    const last = lastState.terminated;
    const refused = (why: string) => ({ refusal: `container "${name}" in pod "${pod}" is ${why}` });
    if (previous) {
      if (!last?.containerID) {
        return { refusal: `previous terminated container "${name}" in pod "${pod}" not found` };
      }
      if (!state.terminated) return { lines: linesOf(this.#runOf(last.containerID), now) };
      return {
        lines: [{ at: now, text: `unable to retrieve container logs for ${last.containerID}` }],
        isUnended: true,
      };
    }
    if (state.running) return { lines: linesOf(this.#run, now) };
    const end = state.terminated ?? last;
    if (end)
      return end.containerID ? { lines: linesOf(this.#runOf(end.containerID), now) } : refused("terminated");
    return refused(`waiting to start: ${whyWaiting(state.waiting?.reason ?? "")}`);
  }

  /** Undefined for one that the runtime could not start: it has written nothing. */
  #runOf(containerID: string): Run | undefined {
    return [this.#run, this.#before].find((run) => run?.containerID === containerID);
  }
}

/** What the application writes: see hack/application/main.go. */
function linesOf(run: Run | undefined, now: number): readonly LogLine[] {
  if (!run) return [];
  const { application, listensAt = Number.POSITIVE_INFINITY, end } = run;
  const lines =
    listensAt <= (end?.at ?? now) ? [{ at: listensAt, text: `listening on port ${application.port}` }] : [];
  const last = (end?.message ?? "").split("\n").map((text) => ({ at: end?.at ?? now, text }));
  return end?.message ? [...lines, ...last] : lines;
}

function whyWaiting(reason: string): string {
  if (reason === "ErrImagePull") return "image can't be pulled";
  return reason === "ImagePullBackOff" ? "trying and failing to pull image" : reason;
}

// What a kubelet answers when it is asked for a container's log.

export interface LogLine {
  /** Epoch ms of the cluster. */
  readonly at: number;
  readonly text: string;
}

export type LogOfContainer =
  /** `isUnended`: the kubelet's own words in place of a log, without an end of line. */
  | { readonly lines: readonly LogLine[]; readonly isUnended?: boolean }
  /** In the kubelet's words, which the API server passes on as a bad request. */
  | { readonly refusal: string };

/** Undefined when the node cannot be reached. */
export type ReadLog = (
  pod: { readonly uid: string; readonly nodeName: string },
  container: string,
  previous: boolean,
) => LogOfContainer | undefined;

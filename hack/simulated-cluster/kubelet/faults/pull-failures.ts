// What containerd and the kubelet say of a pull that fails, by what is wrong with the registry or the image.
import { fullImageName, imageDigest } from "../image-name.ts";

export const PULL_FAILURES = [
  /** The registry cannot be reached: no route to any name server. */
  "unreachable",
  /** 429: too many pulls. */
  "throttled",
  /** 503. */
  "unavailable",
  /** No connection within 30 s. */
  "timeout",
  /** The registry knows neither a repository of that name nor who asks. */
  "unauthorized",
  /** The repository has no such tag. */
  "notFound",
  /** The image is made for other processors only. */
  "noPlatform",
  /** The kubelet itself pulls too much at once. */
  "tooManyPulls",
] as const;

export type PullFailure = (typeof PULL_FAILURES)[number];

/** Most answers come at once; a connection that does not come about is given up after that. */
export const CONNECT_TIMEOUT_MS = 30_000;

/** The error of the pull, as the kubelet tells it. */
export function pullError(image: string, failure: PullFailure = "unreachable"): string {
  if (failure === "tooManyPulls") return "pull QPS exceeded";
  const place = placeOf(image);
  const { full, isDockerHub, host, repository, tag } = place;
  const failed = `failed to pull and unpack image "${full}": `;
  const url = `https://${host}/v2/${repository}/manifests/${tag}`;
  switch (failure) {
    case "unreachable":
      return (
        `${failed}failed to resolve image: failed to do request: Head "${url}": dial tcp: lookup ${host} on ` +
        "10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable"
      );
    case "timeout":
      return (
        `rpc error: code = DeadlineExceeded desc = ${failed}failed to resolve image: failed to do request: ` +
        `Head "${url}": dial tcp 203.0.113.10:443: i/o timeout`
      );
    case "unavailable":
      return `${failed}failed to resolve image: unexpected status from HEAD request to ${url}: 503 Service Unavailable`;
    case "notFound":
      return `rpc error: code = NotFound desc = ${failed}failed to resolve image: ${full}: not found`;
    case "noPlatform":
      return `rpc error: code = NotFound desc = ${failed}no match for platform in manifest: not found`;
    case "throttled":
      return isDockerHub
        ? `${failed}failed to copy: httpReadSeeker: failed open: unexpected status code ` +
            `https://${host}/v2/${repository}/manifests/sha256:${imageDigest(image)}: 429 Too Many Requests - ` +
            "Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. " +
            "https://www.docker.com/increase-rate-limit"
        : `${failed}failed to resolve image: unexpected status from HEAD request to ${url}: 429 Too Many Requests`;
    case "unauthorized":
      return `${failed}failed to resolve image: ${refusalOf(place)}`;
  }
}

function refusalOf({ isDockerHub, host, repository }: Place): string {
  if (isDockerHub) {
    return (
      "pull access denied, repository does not exist or may require authorization: server message: " +
      "insufficient_scope: authorization failed"
    );
  }
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  return (
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to " +
    `https://${host}/token?scope=${scope}&service=${host}: 401 Unauthorized`
  );
}

interface Place {
  /** "docker.io/library/app:1". */
  readonly full: string;
  readonly isDockerHub: boolean;
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
}

function placeOf(image: string): Place {
  const full = fullImageName(image);
  const [registry = "", ...rest] = full.split("/");
  const [repository = "", tag = "latest"] = rest.join("/").split(/:(?=[^/]*$)/);
  const isDockerHub = registry === "docker.io";
  return { full, isDockerHub, host: isDockerHub ? "registry-1.docker.io" : registry, repository, tag };
}

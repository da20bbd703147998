// The configuration of containerd and of the pods' network.
import { POD_RANGE } from "./addresses.ts";

/** The sandbox container of each pod; imported at the start. */
export const PAUSE_IMAGE = "localhost/rolloutguard-pause:local";

export interface ContainerdFiles {
  readonly root: string;
  readonly state: string;
  readonly socket: string;
  readonly runc: string;
  /** Holds one file, the pods' network. */
  readonly networkFolder: string;
  readonly networkPlugins: string;
  /** overlayfs, or native where the run folder is itself on an overlay. */
  readonly snapshotter: "overlayfs" | "native";
}

/** Version 3 of the format, that of containerd 2. Lowering the OOM score needs a capability that may be missing. */
export function containerdConfiguration(files: ContainerdFiles): string {
  const text = (value: string): string => JSON.stringify(value);
  return `version = 3
root = ${text(files.root)}
state = ${text(files.state)}
disabled_plugins = ["io.containerd.nri.v1.nri"]

[grpc]
address = ${text(files.socket)}

[plugins."io.containerd.internal.v1.opt"]
path = ${text(`${files.root}/opt`)}

[plugins."io.containerd.cri.v1.images"]
snapshotter = ${text(files.snapshotter)}

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = ${text(PAUSE_IMAGE)}

[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
disable_apparmor = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = [${text(files.networkPlugins)}]
conf_dir = ${text(files.networkFolder)}

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = ${text(files.runc)}
SystemdCgroup = false
`;
}

/** Pods hang on one bridge. No address translation: nothing leaves the namespace. */
export function networkConfiguration(addressFolder: string): string {
  return JSON.stringify(
    {
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [
        {
          type: "bridge",
          bridge: "pods",
          isGateway: true,
          hairpinMode: true,
          ipam: {
            type: "host-local",
            ranges: [[{ subnet: POD_RANGE }]],
            routes: [{ dst: "0.0.0.0/0" }],
            dataDir: addressFolder,
          },
        },
      ],
    },
    null,
    2,
  );
}

// A workload as kubectl takes it. Pure.
import type { WorkloadKind } from "../../api/workload-kind.ts";

/** The resource in kubectl's words: "deployment". */
export function kubectlResource(kind: WorkloadKind): string {
  return kind.toLowerCase();
}

/** "deployment/checkout". */
export function kubectlName({ kind, name }: { readonly kind: WorkloadKind; readonly name: string }): string {
  return `${kubectlResource(kind)}/${name}`;
}

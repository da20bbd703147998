// How Prometheus is told of pods by a file (Debian's knows no other way to Kubernetes), named as the Prometheus Operator's
// PodMonitors do: by the labels namespace and pod.
import { rename, writeFile } from "node:fs/promises";

export interface ScrapedPod {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
}

/** The configuration that has the pods of the file scraped at /metrics. */
export function podScraping(file: string, intervalSeconds: number): object {
  const interval = `${intervalSeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [{ job_name: "pods", file_sd_configs: [{ files: [file] }] }],
  };
}

/** Writes the file; Prometheus reads it again when it changes. */
export async function writeScrapedPods(
  file: string,
  pods: readonly ScrapedPod[],
  port: number,
): Promise<void> {
  const targets = pods.map(({ namespace, name, address }) => ({
    targets: [`${address}:${port}`],
    labels: { namespace, pod: name },
  }));
  // What Prometheus reads is whole.
  const unfinished = `${file}.new`;
  await writeFile(unfinished, JSON.stringify(targets));
  await rename(unfinished, file);
}

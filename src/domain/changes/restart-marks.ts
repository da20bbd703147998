// Annotations and variables of a pod template that nothing reads: they only make Kubernetes start the pods again. Pure.
// A release that changes nothing else is a restart: what makes it fail lies in what the pods read, not in the template.

/** kubectl's mark, those of restart controllers (Reloader, Wave, Rancher, Lens), and what Helm charts use for checksums. */
const MARKS: readonly RegExp[] = [
  /^kubectl\.kubernetes\.io\/restartedAt$/,
  /^(?:reloader\.stakater\.com|wave\.pusher\.com|configmap-reload|secret-reload)\//,
  /^cattle\.io\/timestamp$|^(?:[\w.-]+\/)?(?:rollme|redeploy|redeploy-?timestamp|restart-?trigger|force-?(?:update|restart|redeploy))$/i,
  /(?:^|[/.\-_])checksums?(?:$|[/.\-_])|(?:^|[/.\-_])(?:sha(?:1|256)?|md5|hash)(?:sum)?$/i,
  /(?:^|[/.\-_])(?:re)?(?:started|loaded|deployed|rolled)-?at$/i,
  /(?:^|\/)(?:config|secret|configmap|values)[-_.]?(?:hash|checksum|version)$/i,
  /(?:^|\/)(?:last-reloaded-from|timestamp|deploy-?(?:date|time|timestamp)|build-?(?:date|time))$/i,
];

/** Whether nothing but the Deployment controller takes note of a template's annotation of that name. */
export function isRestartMark(annotation: string): boolean {
  return MARKS.some((pattern) => pattern.test(annotation));
}

/** Whether an environment variable was put there by a restart controller: Reloader's env-vars strategy. */
export function isRestartVariable(name: string): boolean {
  return /^STAKATER_.+_(?:CONFIGMAP|SECRET)$/.test(name);
}

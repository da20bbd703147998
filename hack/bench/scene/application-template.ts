// The pod template of the scene's applications: as long as those of real services, with probes, resources and volumes.
import type { PodTemplate } from "@rolloutguard/simulated-cluster/objects";

/** The image tags of the scene. Pods with the bad one crash; both others serve. */
export const TAGS = { earlier: "1.4.2", present: "1.5.0", bad: "1.6.0" } as const;

/** The template of the application, running that tag. */
export function applicationTemplate(name: string, tag: string): PodTemplate {
  return {
    metadata: {
      labels: labelsOf(name),
      annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9090" },
    },
    spec: {
      serviceAccountName: name,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, fsGroup: 10_001 },
      terminationGracePeriodSeconds: 30,
      volumes: [
        { name: "config", configMap: { name: `${name}-config` } },
        { name: "tls", secret: { secretName: `${name}-tls` } },
      ],
      containers: [
        {
          name: "app",
          image: `registry.example.com/shop/${name}:${tag}`,
          args: ["--config=/etc/app/config.yaml", "--listen=:8080", "--metrics=:9090"],
          ports: [{ name: "http", containerPort: 8080 }],
          env: [
            { name: "LOG_LEVEL", value: "info" },
            { name: "FEATURE_FLAGS", value: "new-checkout,fast-search,strict-quota" },
            {
              name: "DB_PASSWORD",
              valueFrom: { secretKeyRef: { name: `${name}-db`, key: "password" } },
            },
            {
              name: "CACHE_SIZE",
              valueFrom: { configMapKeyRef: { name: `${name}-config`, key: "cache-size" } },
            },
          ],
          resources: {
            requests: { cpu: "250m", memory: "256Mi" },
            limits: { memory: "512Mi" },
          },
          volumeMounts: [
            { name: "config", mountPath: "/etc/app", readOnly: true },
            { name: "tls", mountPath: "/etc/tls", readOnly: true },
          ],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 5 },
          livenessProbe: { httpGet: { path: "/livez", port: "http" }, initialDelaySeconds: 10 },
        },
      ],
    },
  };
}

/** The labels by which Deployment and Service select the pods. */
export function labelsOf(name: string) {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "kubectl",
  };
}

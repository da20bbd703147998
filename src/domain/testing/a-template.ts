// Pod templates for scenes: one healthy web container, and the changes that a release may make to it.

import type { ProbeView } from "../snapshot/probe.ts";
import type {
  ContainerKind,
  ContainerTemplateView,
  EnvVariableView,
  TemplateView,
} from "../snapshot/template.ts";

/** A change of a template, in words. */
export type TemplateChange = (template: TemplateView) => TemplateView;

const PROBE: ProbeView = {
  kind: "http",
  port: 8080,
  path: "/healthz",
  target: "GET http :8080/healthz",
  initialDelayMs: 0,
  periodMs: 5_000,
  timeoutMs: 1_000,
  failureThreshold: 3,
  successThreshold: 1,
};

const APP: ContainerTemplateView = {
  name: "app",
  kind: "app",
  image: "registry.example/checkout:1",
  ports: [{ name: "http", port: 8080 }],
  readiness: PROBE,
  env: [aVariable("DATABASE_URL"), aVariable("LOG_LEVEL")],
  envFrom: [],
  commandKey: "the command",
  resources: ["limits.memory=256Mi"],
  mounts: [],
  knownFields: {},
  otherFields: {},
};

/** The template that works. */
export const GOOD_TEMPLATE: TemplateView = {
  labels: { app: "checkout", tier: "backend" },
  containers: [APP],
  hasReadinessGates: false,
  schedulingKey: "asks for little",
  references: ["Secret/database", "ConfigMap/settings"],
  volumes: [],
  volumePrints: {},
  annotations: {},
  otherFields: {},
};

/** An environment variable, given by value unless a source is told; another value has another print. */
export function aVariable(name: string, source?: string, print = 1): EnvVariableView {
  return { name, source, print };
}

/** The app container with other properties. */
export function appWith(changes: Partial<ContainerTemplateView>): TemplateChange {
  return (template) => ({
    ...template,
    containers: template.containers.map((one) => (one.name === "app" ? { ...one, ...changes } : one)),
  });
}

/** The app's readiness probe with other properties. */
export function readinessProbe(changes: Partial<ProbeView>): TemplateChange {
  return appWith({ readiness: { ...PROBE, ...changes } });
}

/** A startup probe of the app. */
export function startupProbe(changes: Partial<ProbeView>): TemplateChange {
  return appWith({ startup: { ...PROBE, ...changes } });
}

/** One more container, before the app. */
export function extraContainer(
  name: string,
  kind: ContainerKind,
  changes: Partial<ContainerTemplateView> = {},
): TemplateChange {
  const { readiness: _none, ...plain } = APP;
  const extra = { ...plain, name, kind, image: `registry.example/${name}:1`, ports: [], ...changes };
  return (template) => ({ ...template, containers: [extra, ...template.containers] });
}

/** One more environment variable of the app. */
export function extraVariable(name: string, print = 1): TemplateChange {
  return (template) => ({
    ...template,
    containers: template.containers.map((one) =>
      one.name === "app" ? { ...one, env: [...one.env, aVariable(name, undefined, print)] } : one,
    ),
  });
}

/** Other labels on the pods. */
export function labels(labels: Readonly<Record<string, string>>): TemplateChange {
  return (template) => ({ ...template, labels });
}

/** Other demands on the node. */
export function scheduling(schedulingKey: string): TemplateChange {
  return (template) => ({ ...template, schedulingKey });
}

/** Other Secrets, ConfigMaps and the like. */
export function references(...references: readonly string[]): TemplateChange {
  return (template) => ({ ...template, references });
}

/** Pods that become ready only when something outside says so. */
export const readinessGates: TemplateChange = (template) => ({ ...template, hasReadinessGates: true });

// The addresses inside the cluster's network namespace. Nothing outside can reach them, and they reach nothing outside.

/** Of the one node, and of everything that runs on it. On lo: the namespace has no other interface at first. */
export const NODE_ADDRESS = "10.1.0.1";
export const NODE_NAME = "node-1";
/** Of the Service kubernetes.default. The API server listens there itself, as no kube-proxy leads there. */
export const API_SERVER_ADDRESS = "10.96.0.1";
export const SERVICE_RANGE = "10.96.0.0/16";
/** Where a DNS server would be; there is none. */
export const DNS_ADDRESS = "10.96.0.10";
export const POD_RANGE = "10.244.0.0/16";
export const ETCD_URL = "http://127.0.0.1:2379";
/** What lo has besides 127.0.0.1. */
export const LOOPBACK_ADDRESSES: readonly string[] = [NODE_ADDRESS, API_SERVER_ADDRESS];

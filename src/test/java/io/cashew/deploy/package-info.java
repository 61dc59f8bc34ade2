/// What lies in `deploy/`, held against what it is for: Kubernetes' and OpenShift's own types, Helm, Prometheus, systemd, and
/// Cashew's options, pools, probes and metrics. No cluster and no container engine takes part.
package io.cashew.deploy;

//! Ten thousand objects, a file each, the same in every run: of twenty, four Deployments with their autoscalers, two
//! each of StatefulSets, CronJobs and Jobs, three claims and three Services.

use std::fs;
use std::path::Path;

use crate::bench::workspace::failed;
use crate::step::Done;

pub(super) const COUNT: usize = 10_000;

pub(super) fn write(folder: &Path) -> Done {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for number in 0..COUNT {
        let path = folder.join(format!("{number:05}.yaml"));
        fs::write(&path, manifest(number)).map_err(failed(&path))?;
    }
    Ok(())
}

fn manifest(number: usize) -> String {
    let (unit, place) = (number / 20, number % 20);
    let unit = Unit { team: unit % 50, name: format!("app-{unit:03}-{}", place % 4), number };
    match place {
        0..4 => unit.deployment(),
        4..8 => unit.autoscaler(),
        8..10 => unit.stateful_set(),
        10..12 => unit.cron_job(),
        12..14 => unit.job(),
        14..17 => unit.claim(),
        _ => unit.service(),
    }
}

/// One object.
struct Unit {
    team: usize,
    name: String,
    number: usize,
}

impl Unit {
    fn head(&self, version: &str, kind: &str) -> String {
        let Self { team, name, .. } = self;
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: team-{team}\n  labels:\n    \
             app.kubernetes.io/name: {name}\n    app.kubernetes.io/part-of: shop\n    \
             finops.apexlogic.com/cost-center: CC-{}\nspec:\n",
            1000 + team
        )
    }

    /// The template of pods, its keys below so many spaces. One of sixteen Deployments has a GPU.
    fn template(&self, indent: usize) -> String {
        let Self { name, number, .. } = self;
        let (cpu, memory) = (100 + number % 9 * 50, 128 << (number % 4));
        let gpu = if number % 80 == 3 { "\n        nvidia.com/gpu: 1" } else { "" };
        let restart = if matches!(number % 20, 10..14) { "\n  restartPolicy: Never" } else { "" };
        let text = format!(
            "metadata:
  labels:
    app.kubernetes.io/name: {name}
spec:{restart}
  securityContext:
    runAsNonRoot: true
  initContainers:
  - name: migrate
    image: registry.apexlogic.example/shop/{name}:1.{number}
    resources:
      requests: {{cpu: 50m, memory: 64Mi}}
  containers:
  - name: server
    image: registry.apexlogic.example/shop/{name}:1.{number}
    ports:
    - name: http
      containerPort: 8080
    env:
    - name: LOG_LEVEL
      value: info
    resources:
      requests:
        cpu: {cpu}m
        memory: {memory}Mi{gpu}
      limits:
        memory: {memory}Mi{gpu}
    readinessProbe:
      httpGet:
        path: /ready
        port: http
  - name: proxy
    image: registry.apexlogic.example/platform/proxy:3.1
    resources:
      requests:
        cpu: 0.1
        memory: 64Mi
"
        );
        let indent = " ".repeat(indent);
        text.lines().map(|line| format!("{indent}{line}\n")).collect()
    }

    fn deployment(&self) -> String {
        format!(
            "{}  replicas: {}\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {}\n  template:\n{}",
            self.head("apps/v1", "Deployment"),
            2 + self.number % 5,
            self.name,
            self.template(4)
        )
    }

    /// Scales the Deployment of the same name.
    fn autoscaler(&self) -> String {
        format!(
            "{}  minReplicas: 2\n  maxReplicas: {}\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    \
             name: {}\n  metrics:\n  - type: Resource\n    resource:\n      name: cpu\n      target:\n        type: \
             Utilization\n        averageUtilization: 70\n",
            self.head("autoscaling/v2", "HorizontalPodAutoscaler"),
            6 + self.number % 10,
            self.name
        )
    }

    fn stateful_set(&self) -> String {
        format!(
            "{}  replicas: 3\n  serviceName: {name}\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: \
             {name}\n  template:\n{}  volumeClaimTemplates:\n  - metadata:\n      name: data\n    spec:\n      accessModes: \
             [ReadWriteOnce]\n      storageClassName: fast-ssd\n      resources:\n        requests:\n          storage: \
             {}Gi\n",
            self.head("apps/v1", "StatefulSet"),
            self.template(4),
            10 + self.number % 90,
            name = self.name
        )
    }

    fn cron_job(&self) -> String {
        let policy = ["Allow", "Forbid", "Replace"][self.number % 3];
        format!(
            "{}  schedule: \"{} */{} * * 1-5\"\n  concurrencyPolicy: {policy}\n  jobTemplate:\n    spec:\n      \
             activeDeadlineSeconds: 1800\n      backoffLimit: 2\n      template:\n{}",
            self.head("batch/v1", "CronJob"),
            self.number % 60,
            1 + self.number % 12,
            self.template(8)
        )
    }

    fn job(&self) -> String {
        format!(
            "{}  parallelism: {}\n  completions: 8\n  backoffLimit: 3\n  activeDeadlineSeconds: 7200\n  template:\n{}",
            self.head("batch/v1", "Job"),
            1 + self.number % 4,
            self.template(4)
        )
    }

    fn claim(&self) -> String {
        format!(
            "{}  accessModes: [ReadWriteOnce]\n  storageClassName: fast-ssd\n  resources:\n    requests:\n      storage: \
             {}Gi\n",
            self.head("v1", "PersistentVolumeClaim"),
            5 + self.number % 200
        )
    }

    fn service(&self) -> String {
        let kind = if self.number.is_multiple_of(3) { "LoadBalancer" } else { "ClusterIP" };
        format!(
            "{}  type: {kind}\n  selector:\n    app.kubernetes.io/name: {}\n  ports:\n  - name: http\n    port: 80\n    \
             targetPort: http\n",
            self.head("v1", "Service"),
            self.name
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_unit_have_names_of_their_own() {
        let mut heads: Vec<String> =
            (0..40).map(|number| manifest(number).lines().take(5).collect()).collect();
        heads.sort();
        heads.dedup();
        assert_eq!(heads.len(), 40);
    }

    #[test]
    fn an_autoscaler_scales_a_deployment_of_its_unit() {
        let (deployment, autoscaler) = (manifest(41), manifest(45));
        let name = deployment.lines().nth(3).unwrap().trim();
        assert!(autoscaler.contains(&format!("kind: Deployment\n    {name}\n")), "{autoscaler}");
        assert!(autoscaler.contains("namespace: team-2\n"), "{autoscaler}");
    }
}

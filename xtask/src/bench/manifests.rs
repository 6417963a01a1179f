//! A thousand Deployments, the same in every run: most are sound, each seventh breaks a rule or two.

use std::fs;
use std::path::Path;

use super::workspace::failed;
use crate::step::Done;

pub(crate) const COUNT: usize = 1000;

pub(crate) fn write(folder: &Path) -> Done {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for number in 0..COUNT {
        let path = folder.join(format!("service-{number:04}.yaml"));
        fs::write(&path, deployment(number)).map_err(failed(&path))?;
    }
    Ok(())
}

fn deployment(number: usize) -> String {
    let cost_centre =
        if number % 7 == 3 { "CC-12".to_owned() } else { format!("CC-{}", 1000 + number % 1000) };
    let tag =
        if number % 14 == 5 { "latest".to_owned() } else { format!("1.{}.{}", number % 40, number % 9) };
    let replicas = 2 + number % 5;
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number:04}
  namespace: shop
  labels:
    app.kubernetes.io/name: service-{number:04}
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/managed-by: flux
    finops.apexlogic.com/cost-center: {cost_centre}
    team: shop
    owner: shop
spec:
  replicas: {replicas}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: service-{number:04}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: service-{number:04}
        finops.apexlogic.com/cost-center: {cost_centre}
    spec:
      serviceAccountName: service-{number:04}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
      containers:
        - name: server
          image: registry.apexlogic.example/shop/service-{number:04}:{tag}
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: UPSTREAM
              value: http://catalog.shop.svc:8080
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              cpu: 500m
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          livenessProbe:
            httpGet:
              path: /live
              port: http
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities:
              drop: [ALL]
"
    )
}

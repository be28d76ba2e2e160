import { expect, test } from "vitest";
import { latestImages } from "../../src/preflight/images.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, messages, unchanged, updated } from "./planning.ts";

function pod(image: string, list = "containers"): KubeObject {
  return yml`
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop}
    spec: {${list}: [{name: a, image: "${image}"}]}
  `;
}

test.each(["nginx", "nginx:latest", "localhost:5000/nginx", "ghcr.io/acme/web:latest"])(
  "%s may be another one tomorrow",
  (image) => {
    const told = [`caution image-latest Pod shop/web: no fixed version: container a runs ${image}`];
    expect(messages(latestImages([created(pod(image))]))).toEqual(told);
    expect(messages(latestImages([updated(pod("nginx:1"), pod(image))]))).toEqual(told);
    expect(
      latestImages([unchanged(pod(image)), updated(pod(image), pod(image)), updated(pod(image), pod("nginx:1"))]),
    ).toEqual([]);
  },
);

test.each(["nginx:1.29", "localhost:5000/nginx:1", "nginx@sha256:00", "nginx:latest@sha256:00", "", "${IMAGE}"])(
  "%s is fixed, or no image yet",
  (image) => {
    expect(latestImages([created(pod(image))])).toEqual([]);
  },
);

test("containers are found in every list, in every template, and in custom kinds", () => {
  const cron = yml`
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: web, namespace: shop}
    spec:
      jobTemplate:
        spec:
          template:
            spec:
              initContainers: [{name: a, image: a}]
              containers: [{name: b, image: b}]
              volumes: [{name: v, image: {reference: c}}]
  `;
  const custom = yml`
    apiVersion: acme.io/v1
    kind: Pool
    metadata: {name: web, namespace: shop}
    spec: {pools: [{pod: {ephemeralContainers: [{name: d, image: d}]}}]}
  `;
  expect(messages(latestImages([created(cron), created(custom)]))).toEqual([
    "caution image-latest batch/CronJob shop/web: no fixed version: container a runs a, container b runs b, a volume holds c",
    "caution image-latest acme.io/Pool shop/web: no fixed version: container d runs d",
  ]);
});

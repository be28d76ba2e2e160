import { everywhere, type BadInputs } from "../bad-input.ts";

const KUSTOMIZATION = "app/kustomization.yaml";

export const RENDERS: BadInputs = {
  "kustomize-remote-base": {
    change: { [KUSTOMIZATION]: "resources:\n  - settings.yaml\n  - https://github.com/acme/bases//web?ref=main\n" },
    ends: everywhere(3),
  },
  "kustomize-missing-file": {
    change: { [KUSTOMIZATION]: "resources: [settings.yaml, wbe.yaml]\n" },
    ends: everywhere(3),
  },
  "kustomize-patch-without-target": {
    change: {
      [KUSTOMIZATION]: "resources: [settings.yaml, password.yaml]\npatches:\n  - path: patch.yaml\n",
      "app/patch.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {a: b}\n",
    },
    ends: everywhere(3),
  },
  "helm-template-fails": {
    change: {
      "app/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
      "app/values.yaml": "{}\n",
      "app/templates/web.yaml":
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  host: {{ required "host is required" .Values.host }}\n',
    },
    ends: everywhere(3),
  },
  "empty-render": {
    applied: true,
    change: { "app/settings.yaml": undefined, "app/password.yaml": undefined, "app/README.md": "moved\n" },
    ends: everywhere(3),
  },
};

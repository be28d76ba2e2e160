import { everywhere, type BadInputs } from "../bad-input.ts";

const CONFIG = ".github/plumbline.yaml";

const SOUND_TAIL = `environments: {test: {}}
apps: {web: {path: app}}
system: {namespace: $NAMESPACE-system}
`;

export const CONFIGURATIONS: BadInputs = {
  "config-broken-yaml": {
    change: { [CONFIG]: `version: 1\ndefaults: {namespace: $NAMESPACE\n${SOUND_TAIL}` },
    ends: everywhere(2),
  },
  "config-unknown-key": {
    change: { [CONFIG]: `version: 1\ndefaults: {namspace: $NAMESPACE}\n${SOUND_TAIL}` },
    ends: everywhere(2),
  },
  "config-wrong-values": {
    change: { [CONFIG]: `version: 1\ndefaults: {namespace: $NAMESPACE, timeout: soon, prune: perhaps}\n${SOUND_TAIL}` },
    ends: everywhere(2),
  },
  "config-not-supported-yet": {
    change: {
      [CONFIG]: `version: 1\ndefaults: {namespace: $NAMESPACE, windows: ["Mon-Thu 09:00-16:00 Europe/Berlin"]}\n${SOUND_TAIL}`,
    },
    ends: everywhere(2),
  },
  "config-empty": { change: { [CONFIG]: "" }, ends: everywhere(2) },
  "no-config-and-no-folder": { before: { [CONFIG]: undefined }, ends: everywhere(2) },
  "path-not-there": {
    change: {
      [CONFIG]: `version: 1\ndefaults: {namespace: $NAMESPACE}\n${SOUND_TAIL.replace("path: app", "path: apps/web")}`,
    },
    ends: everywhere(2),
  },
  "unknown-target": {
    job: () => ({ inputs: { targets: "production/web\nweb" } }),
    options: ["production/web", "web"],
    ends: everywhere(2),
  },
};

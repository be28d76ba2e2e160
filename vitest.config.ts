import { defineConfig } from "vitest/config";

// Two projects: `unit` needs nothing but Node; `cluster` shares one real control plane, one namespace per test.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.cluster.test.ts", "test/cluster/tools/**"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/**/*.cluster.test.ts"],
          globalSetup: ["test/cluster/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

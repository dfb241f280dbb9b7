import { defineConfig } from "vitest/config";

/** One project a kind of test, so that each can be run by itself: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/property/**", "test/conformance/**", "test/engines/**", "test/faults/**"],
          testTimeout: 60_000,
        },
      },
      { test: { name: "property", include: ["test/property/**/*.test.ts"], testTimeout: 300_000 } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], testTimeout: 120_000 } },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          exclude: ["test/engines/airflow/**", "test/engines/kubernetes/**"],
          testTimeout: 600_000,
        },
      },
      // Four minutes, since each command of Airflow takes some seconds to start; also by `npm run engines:airflow`.
      {
        test: {
          name: "airflow",
          include: ["test/engines/airflow/**/*.test.ts"],
          exclude: ["test/engines/airflow/scheduler/**"],
          testTimeout: 600_000,
        },
      },
      // A quarter of an hour a version, by `npm run engines:airflow:scheduler`: a real Airflow with its scheduler.
      {
        test: {
          name: "airflow-scheduler",
          include: ["test/engines/airflow/scheduler/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_200_000,
        },
      },
      // Needs root, Linux and built servers: by `npm run engines:kubernetes`.
      {
        test: {
          name: "kubernetes",
          include: ["test/engines/kubernetes/**/*.test.ts"],
          testTimeout: 900_000,
          fileParallelism: false,
        },
      },
      { test: { name: "faults", include: ["test/faults/**/*.test.ts"], testTimeout: 900_000 } },
    ],
  },
});

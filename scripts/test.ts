import { startVitest } from "vitest/node";

// Every test, then one line that anything can read: `N passed, N failed`. A file that cannot even be loaded counts as failed.
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const vitest = await startVitest("test", filters, { run: true, watch: false });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
const broken = modules.filter((module) => module.errors().length > 0 || !module.ok()).length;
const failed = Math.max(count("failed"), broken > 0 && count("failed") === 0 ? broken : count("failed"));
const errors = vitest.state.getUnhandledErrors().length;
await vitest.close();
const skipped = count("skipped");
console.log(`\n${count("passed")} passed, ${failed + errors} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed + errors > 0 || count("passed") === 0 ? 1 : 0);

import { posix } from "node:path";

const ENVIRONMENT = /\$env(?![A-Za-z0-9_])/g;

/** Relative, inside the repository whatever `$env` stands for, and no option of a program that gets it as an argument. */
export function isRepositoryPath(text: string): boolean {
  const path = text.replace(ENVIRONMENT, "env");
  if (path === "" || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[$\\\u0000-\u001F\u007F]/.test(path)) return false;
  return path.split("/").every((part) => part !== ".." && !part.startsWith("-"));
}

/** The path of one environment in its shortest form: `./apps//$env/` of production is `apps/production`. */
export function resolvePath(text: string, environment: string): string {
  const path = posix.normalize(text.replace(ENVIRONMENT, () => environment));
  return path === "./" ? "." : path.replace(/\/$/, "");
}

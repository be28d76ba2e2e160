import * as z from "zod";
import { DURATION, parseDuration } from "../model/duration.ts";
import { isRepositoryPath } from "./repository-path.ts";

// The text of a failed check is its remedy: the message says what was written, the remedy what to write instead.

/** Names become parts of Kubernetes names, `plumbline.<environment>.<app>.key`, which two labels of 63 characters never make too long. */
export function label() {
  return z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: "write at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends",
  });
}

export function duration() {
  return z.string().regex(DURATION, { error: "write a duration such as 90s, 5m, 1h30m or 7d" });
}

const DAY = 86_400_000;

/** A limit that timers can keep: theirs overflows after 24 days, and no job lives longer than five. */
export function timeLimit() {
  return duration().refine((text) => isBetween(parseDuration(text) ?? DAY, 1000, 5 * DAY), {
    error: "write a duration from 1s to 5d",
  });
}

function isBetween(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}

export function text() {
  return z.string().min(1);
}

/** A file or folder of the repository; `$env` stands for the name of the environment. */
export function repositoryPath() {
  return text().refine(isRepositoryPath, {
    error:
      "write a path relative to the repository's root, without .. and $ (other than $env), no part of it beginning with -",
  });
}

export const ENVIRONMENT_VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

/** Where a credential is found. Whoever writes the credential itself here must not see it repeated in a message. */
export function environmentVariable() {
  return z.string().regex(ENVIRONMENT_VARIABLE, {
    error: "write the name of an environment variable that holds the value, never the value itself",
  });
}

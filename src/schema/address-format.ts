import { isIPv6 } from "node:net";

/** Dotted, leading zeros allowed; an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is one as well. */
export function isIpv4(text: string): boolean {
  return text.includes(".") && (isDotted(text) || isIpv6(text));
}

export function isIpv6(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

/** `10.0.0.0/8`, `fd00::/64`. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return false;
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^\d{1,8}$/.test(length)) return false;
  return Number(length) <= (isDotted(address) ? 32 : isIpv6(address) ? 128 : -1);
}

function isDotted(text: string): boolean {
  const octets = text.split(".", 5);
  return octets.length === 4 && octets.every((octet) => /^\d{1,8}$/.test(octet) && Number(octet) <= 255);
}

/** 6, 8 or 20 bytes with colons or dashes between them, or dots after every second one. */
export function isMac(text: string): boolean {
  if (text.length > 59) return false;
  const bytes = /^[0-9a-f]{2}(?:(?::[0-9a-f]{2})+|(?:-[0-9a-f]{2})+)$/i.test(text) ? (text.length + 1) / 3 : undefined;
  const pairs = /^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text) ? ((text.length + 1) / 5) * 2 : undefined;
  return [6, 8, 20].includes(bytes ?? pairs ?? 0);
}

const ONE_LABEL = /^[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?$/u;
const LABEL = /^[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?$/u;
const LAST_LABEL = /^[a-zA-Z\p{L}]{2,63}$/u;

/** As RFC 1034 has it, digits at the start and letters of all scripts allowed. */
export function isHostname(text: string): boolean {
  if (text.length > 255 || Buffer.byteLength(text) > 255) return false;
  const labels = text.split(".");
  if (labels.some((label) => Buffer.byteLength(label) > 63)) return false;
  if (labels.length === 1) return ONE_LABEL.test(text);
  return labels.slice(0, -1).every((label) => LABEL.test(label)) && LAST_LABEL.test(labels.at(-1) ?? "");
}

const ATOMS = /^[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*@[\w-]+(?:\.[\w-]+)*$/;

/** Sure of plain addresses and of what has no `@`; quoted ones, names and comments are left to the server. */
export function looksLikeEmail(text: string): boolean | undefined {
  if (text.length <= 1000 && ATOMS.test(text)) return true;
  return text.includes("@") ? undefined : false;
}

const PLAIN_URL = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?(?:[/?#][\w\-.~!$&'()*+,;=:@/?]*)?$/i;
const PLAIN_PATH = /^\/(?!\/)[\w\-.~!$&'()*+,;=:@/?]*$/;

/** Sure of plain URLs and paths, and of what has neither a scheme nor a slash in front; the rest is left to the server. */
export function looksLikeUri(text: string): boolean | undefined {
  if (PLAIN_URL.test(text) || PLAIN_PATH.test(text)) return true;
  return text.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(text) ? undefined : false;
}

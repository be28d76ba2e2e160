import { isCidr, isHostname, isIpv4, isIpv6, isMac, looksLikeEmail, looksLikeUri } from "./address-format.ts";
import { isBase64, isBsonId, isCardNumber, isIsbn10, isIsbn13, isSocialSecurityNumber, isUuid } from "./code-format.ts";
import { isDate, isDateTime, isDuration } from "./time-format.ts";

/** Whether a text has a format; `undefined`: only the server can say. */
type Check = (text: string) => boolean | undefined;

const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

// What a server of 1.36 checks; all other formats are ignored by it.
const CHECKS: Readonly<Record<string, Check>> = {
  bsonobjectid: isBsonId,
  byte: isBase64,
  cidr: isCidr,
  creditcard: isCardNumber,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: looksLikeEmail,
  hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  k8slongname: (text) => text.length <= 253 && text.split(".").every((label) => NAME.test(label)),
  k8sshortname: (text) => text.length <= 63 && NAME.test(text),
  mac: isMac,
  password: () => true,
  rgbcolor: isRgbColor,
  ssn: isSocialSecurityNumber,
  uri: looksLikeUri,
  uuid: (text) => isUuid(text),
  uuid3: (text) => isUuid(text, 3),
  uuid4: (text) => isUuid(text, 4),
  uuid5: (text) => isUuid(text, 5),
};

/** Formats are the same with and without dashes: `date-time` is `datetime`. */
export function isTextFormat(format: string): boolean {
  return Object.hasOwn(CHECKS, format.replaceAll("-", ""));
}

/** Whether a text has a format; formats that the server does not know are had by every text. `undefined`: only the server can say. */
export function hasFormat(text: string, format: string): boolean | undefined {
  return isTextFormat(format) ? CHECKS[format.replaceAll("-", "")]?.(text) : true;
}

const RGB = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/;

function isRgbColor(text: string): boolean {
  const parts = text.length > 1000 ? undefined : RGB.exec(text)?.slice(1);
  return parts?.every((part) => /^(?:0|[1-9]\d*)$/.test(part) && Number(part) <= 255) === true;
}

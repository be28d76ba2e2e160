/** Standard base64 with padding; the empty text is none. */
export function isBase64(text: string): boolean {
  return text !== "" && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

export function isBsonId(text: string): boolean {
  return /^[0-9a-f]{24}$/i.test(text);
}

/** With or without dashes, of a version or of any. */
export function isUuid(text: string, version?: 3 | 4 | 5): boolean {
  const hex = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?[0-9a-f]{12}$/i.exec(text);
  if (hex === null) return false;
  const [, , , third = "", fourth = ""] = hex;
  if (version === undefined) return true;
  return third.startsWith(String(version)) && (version === 3 || /^[89ab]/i.test(fourth));
}

export function isIsbn10(text: string): boolean {
  const digits = withoutGaps(text);
  if (!/^(?:\d{9}X|\d{10})$/.test(digits)) return false;
  const sum = digits
    .split("")
    .reduce((total, digit, index) => total + (index + 1) * (digit === "X" ? 10 : Number(digit)), 0);
  return sum % 11 === 0;
}

export function isIsbn13(text: string): boolean {
  const digits = withoutGaps(text);
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = digits
    .slice(0, 12)
    .split("")
    .reduce((total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit), 0);
  return Number(digits[12]) === (10 - (sum % 10)) % 10;
}

const CARD =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

/** The digits of a known card with a right check digit (Luhn); what stands between them does not count. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, "");
  if (!CARD.test(digits)) return false;
  const sum = digits
    .split("")
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

export function isSocialSecurityNumber(text: string): boolean {
  return text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text);
}

function withoutGaps(text: string): string {
  return text.replaceAll(/[\t\n\f\r -]/g, "");
}

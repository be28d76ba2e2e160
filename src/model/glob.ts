/** `*` stands for any run of characters but `/`, `?` for one of them. The time is at most the product of the lengths, whatever the pattern. */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let star: { readonly pattern: number; readonly text: number } | undefined;
  let position = 0;
  while (position < text.length) {
    if (pattern[at] === "*") {
      star = { pattern: at, text: position };
      at += 1;
    } else if (matchesOne(text[position], pattern[at])) {
      at += 1;
      position += 1;
    } else {
      // Give the last star one character more. It never has to cross a `/`, and an earlier star never has to be tried again.
      if (star === undefined || text[star.text] === "/") return false;
      star = { pattern: star.pattern, text: star.text + 1 };
      at = star.pattern + 1;
      position = star.text;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

function matchesOne(character: string | undefined, wanted: string | undefined): boolean {
  return wanted === "?" ? character !== "/" : character === wanted;
}

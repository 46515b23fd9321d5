/** Finding by a few typed letters, forgiving a slip of the finger. */

const EXACT = 100;
const STARTS = 80;
const WORD_STARTS = 60;
const CONTAINS = 40;
const TYPO = 25;
const LETTERS = 10;

/**
 * How well a query fits a title and further words: 0 where it does not. Every word of the query has
 * to be found; the title counts more than what else is said of a thing.
 */
export function score(query: string, title: string, more = ""): number {
  const typed = query.trim().toLowerCase();
  if (typed === "") return 1;
  const whole = title.toLowerCase();
  if (whole === typed) return EXACT;
  if (whole.startsWith(typed)) return STARTS;
  const words = typed.split(/\s+/).map((word) => {
    const inTitle = wordScore(word, whole);
    return inTitle > 0 ? inTitle : Math.min(wordScore(word, more.toLowerCase(), false), CONTAINS) / 2;
  });
  return words.includes(0) ? 0 : Math.min(...words);
}

function wordScore(word: string, text: string, letters = true): number {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (words.some((one) => one.startsWith(word))) return WORD_STARTS;
  if (text.includes(word)) return CONTAINS;
  if (word.length >= 4 && words.some((one) => isSlip(word, one))) return TYPO;
  return letters && word.length >= 3 && hasInOrder(text, word) ? LETTERS : 0;
}

/** Whether two words, or the beginning of the second, differ by one letter too many, missing, wrong or swapped. */
function isSlip(typed: string, word: string): boolean {
  const beginnings = [typed.length - 1, typed.length, typed.length + 1].map((end) => word.slice(0, end));
  return beginnings.some((one) => Math.abs(one.length - typed.length) <= 1 && isOneOff(typed, one));
}

function isOneOff(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const swapped = (restA[1] ?? "") + (restA[0] ?? "") + restA.slice(2);
  return [restB.slice(1) === restA, restA.slice(1) === restB, restA.slice(1) === restB.slice(1), swapped === restB].some(
    Boolean,
  );
}

/** Whether the letters occur in this order, as `cnv` does in `convolution`, not too far apart. */
function hasInOrder(text: string, letters: string): boolean {
  const first = text.indexOf(letters[0] ?? "");
  let at = first - 1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return at - first < letters.length * 3;
}

// The page's words in the reader's language; keys are "area.name", as in web/catalogue.

const catalogue = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang || "en";
const rules = new Intl.PluralRules(language);
const NARROW_SPACE = "\u202f";
const DECIMAL_MARK = language === "en" ? "." : ",";
// Browsers often come without Kazakh numbers, which are written as Russian ones.
export const numberLocale = language === "kk" ? "ru" : language;

/** A whole number with narrow no-break spaces: 208 962. */
export function number(value) {
  const [whole, rest] = String(value).split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, NARROW_SPACE);
  return rest === undefined ? spaced : `${spaced}${DECIMAL_MARK}${rest}`;
}

/** The words of a key, filled: word("grid.rows", { count: 5 }). Whole numbers get narrow spaces. */
export function word(key, params = {}) {
  let text = catalogue[key];
  if (text === undefined) throw new Error(`The catalogue has no ${key}.`);
  if (typeof text === "object") text = text[rules.select(params.count)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!(name in params)) return whole;
    const value = params[name];
    return Number.isInteger(value) ? number(value) : String(value);
  });
}

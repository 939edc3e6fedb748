// @ts-check
// terms: from text to the terms of the index.
// generator/text.py does the same in the build, expression for expression: change both or neither.
import lunr from './lunr.js'

/** Names that would vanish with their signs, and how they are indexed and asked instead. @type {Record<string, string>} */
const SPOKEN = { 'c++': 'cplusplus', 'c#': 'csharp', '.net': 'dotnet', 'a*': 'astar' }
const SIGNED = /(^|[^\p{L}\p{N}])(c\+\+|c#|\.net(?![\p{L}\p{N}])|a\*(?![\p{L}\p{N}]|\*))/gu

// Scripts without spaces between words: ideographs, hiragana, katakana. (NFKD has taken Hangul apart; Korean has spaces.)
const CJK = '々-〇〡-〩ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ㐀-䶿一-鿿\\uf900-\\ufaff\\u{20000}-\\u{3ffff}'
const LETTERS = `(?:(?![${CJK}])[\\p{L}\\p{N}])+`
const WRITTEN = new RegExp(`[${CJK}]+|${LETTERS}(?:[-\\u2010\\u00ad]${LETTERS})*`, 'gu')
const IS_CJK = new RegExp(`^[${CJK}]`, 'u')
const HYPHEN = /[-\u2010\u00ad]/
const MOST_PARTS = 4 // "state-of-the-art" is one word as well; a longer chain is an address, and joined it would help nobody

/**
 * A word as it is written: its parts, and the joined form of a hyphenated one.
 * @typedef {{ parts: string[], joined: string | null }} Written
 */

/** @param {string} text */
export const folded = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ')

/** @param {string} text @returns {Written[]} */
export function written(text) {
  const plain = folded(text).replace(SIGNED, (_, before, name) => `${before} ${SPOKEN[name]} `)
  return (plain.match(WRITTEN) ?? []).map(spelled)
}

/** @param {string} run @returns {Written} */
function spelled(run) {
  if (IS_CJK.test(run)) return { parts: bigrams([...run]), joined: null }
  const parts = run.split(HYPHEN)
  return { parts, joined: parts.length > 1 && parts.length <= MOST_PARTS ? parts.join('') : null }
}

/** @param {string[]} characters */
function bigrams(characters) {
  return characters.length < 2 ? characters : characters.slice(1).map((character, i) => characters[i] + character)
}

/** @param {string} text @returns {string[]} */
export const words = text => written(text).flatMap(({ parts, joined }) => joined ? [...parts, joined] : parts)

/** @param {string} text @returns {string[]} */
export const terms = text => words(text).filter(word => !isStopWord(word)).map(stem)

/** @param {string} word */
export const isStopWord = word => lunr.stopWordFilter(new lunr.Token(word, {})) === undefined

/** @type {Map<string, string>} */
const stems = new Map()

/** @param {string} word @returns {string} */
export function stem(word) {
  let known = stems.get(word)
  if (known === undefined) stems.set(word, known = lunr.stemmer(new lunr.Token(word, {})).toString())
  return /** @type {string} */ (known)
}

// @ts-check
// query: what a question asks: words, phrases, what shall not be there, and `name:value`.
// generator/ranking.py does the same, expression for expression: change both or neither.
import { folded, isStopWord, written } from './terms.js'

/**
 * One word of a question, one phrase in quotes, or one `name:value`. `without`: with a minus before it; `open`: it may still be
 * typed.
 * @typedef {{ source: string, text: string, name: string | null, isPhrase: boolean, without: boolean, open: boolean }} Part
 *
 * One word that is asked: any of its spellings may match.
 * @typedef {{ spellings: string[], open: boolean }} Group
 */

const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'
const NAMES = '(author|has|tag|venue|year):'
const PART = new RegExp(`(?<![^${SPACE}"”])(-?)(?:${NAMES})?(?:["“]([^"“”]+)["”]|([^${SPACE}]+))`, 'giu')
const ENDS_OPEN = /(?:\p{L}|\p{N})$/u // with `[\p{L}\p{N}]$` Chromium misses letters beyond U+FFFF
const NAME_ALONE = new RegExp(`^-?${NAMES}$`, 'iu') // what follows is still to be typed

/** No text is an error: what is nothing else is words. @param {string} question @returns {Part[]} */
export const partsOf = question => [...question.matchAll(PART)]
  .filter(([source]) => !NAME_ALONE.test(source))
  .map(({ 0: source, 1: minus, 2: name, 3: phrase, 4: word, index }) => ({
    source,
    text: phrase ?? word,
    name: name === undefined ? null : folded(name),
    isPhrase: phrase !== undefined,
    without: minus === '-',
    open: index + source.length === question.length && phrase === undefined && ENDS_OPEN.test(source),
  }))

/** The words of these parts that are asked, each once. @param {Part[]} parts @param {number} most @returns {Group[]} */
export function groupsOf(parts, most) {
  const asked = parts.flatMap(part => written(part.text).flatMap(spelled)
    .map((spellings, i, all) => ({ spellings, open: part.open && i === all.length - 1 })))
  return [...new Map(asked.map(group => [group.spellings.join(' '), group])).values()].slice(0, most)
}

/**
 * The groups of one written word. The joined form of a hyphenated one ("pretraining") is another spelling of each of its
 * parts ("pre", "training"), not a word more: a paper that writes it has both, and none is short of a word because it writes
 * only one of the forms. Where all parts are stop words ("to-do"), the joined form is asked alone.
 * @param {import('./terms.js').Written} word @returns {string[][]}
 */
function spelled({ parts, joined }) {
  const others = joined === null || isStopWord(joined) ? [] : [joined]
  const told = parts.filter(part => !isStopWord(part))
  return told.length > 0 ? told.map(part => [part, ...others]) : others.map(other => [other])
}

/**
 * The question with its misspelled words corrected; null when there are none.
 * @param {string} question @param {Map<string, string>} corrections
 */
export function putRight(question, corrections) {
  const right = question.replace(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu, word => corrections.get(folded(word)) ?? word)
  return right === question ? null : right
}

/**
 * The years of a text: 2023, 2021-2023, 2021- or -2023; null when it is something else.
 * @param {string} text @returns {[number | null, number | null] | null}
 */
export function yearsOf(text) {
  const found = /^(?:(\d{4})|(\d{4})?[-–](\d{4})?)$/.exec(text)
  if (!found || text.length < 4) return null
  const [, only, from, to] = found.map(year => year === undefined ? null : Number(year))
  return [only ?? from, only ?? to]
}

/** The words of a text without joined forms. @param {string} text */
export const plainWords = text => written(text).flatMap(({ parts }) => parts)

/** Whether the words of a phrase stand after each other in one of the texts. @param {string} phrase @param {string[]} texts */
export function holds(phrase, texts) {
  const line = (/** @type {string} */ text) => ` ${plainWords(text).join(' ')} `
  return texts.some(text => line(text).includes(line(phrase)))
}

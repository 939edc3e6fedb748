// @ts-check
// lexicon: the words of the survey that a word of a question may stand for: itself, longer ones, nearly the same ones.
// generator/ranking.py does the same: change both or neither.
import { stem } from './terms.js'

/**
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./store.js').Entry} Entry
 * @typedef {import('./query.js').Group} Group
 *
 * One term by which a word is looked for: what it counts for, and the words behind it that were meant.
 * @typedef {{ factor: number, words: Set<string>, entry: Entry }} Form
 * @typedef {Map<string, Form>} Forms by term
 * @typedef {[word: string, count: number]} Counted `count`: of the papers that have it
 */

const SHORTEST = 3 // letters of a beginning

/**
 * The terms that may stand for a word of the question: itself, and longer ones while it may still be typed; where there are none,
 * those of nearly the same words; where there are none either, of longer ones. `corrections` gets the word that was probably meant.
 * @param {Store} store @param {Group} group @param {number} edits @param {Map<string, string>} corrections @returns {Promise<Forms>}
 */
export async function formsOf(store, { spellings, open }, edits, corrections) {
  const { ranking } = await store.head()
  /** @type {Forms} */
  const forms = new Map()
  const add = async (/** @type {string[]} */ words, /** @type {number} */ factor) => {
    const entries = await Promise.all(words.map(word => store.entry(stem(word))))
    words.forEach((word, i) => {
      const [term, entry] = [stem(word), entries[i]]
      const known = forms.get(term)
      if (known) known.words.add(word)
      else if (entry) forms.set(term, { factor, words: new Set([word]), entry })
    })
  }
  const longer = () => Promise.all(spellings.filter(word => letters(word).length >= SHORTEST).map(word => begunBy(store, word)))
  const [begun] = await Promise.all([open ? longer() : [], add(spellings, 1)]) // side by side: each waits for a file
  await add(begun.flat(), ranking.prefix)
  if (forms.size > 0) return forms
  for (const word of spellings) {
    const near = await nearTo(store, word, edits)
    await add(near.map(([other]) => other), ranking.typo)
    if (near.length > 0) corrections.set(word, near.reduce((best, other) => other[1] > best[1] ? other : best)[0])
  }
  if (forms.size === 0) await add((await longer()).flat(), ranking.prefix)
  return forms
}

/** Those beyond U+FFFF are one each. @param {string} word */
const letters = word => [...word]

/** At most five words that share the most first letters with it. @param {Store} store @param {string} word */
export async function closest(store, word) {
  let end = 0
  const ends = letters(word).map(letter => end += letter.length).slice(1) // of beginnings of two letters or more
  for (const end of ends.reverse()) {
    const found = await begunBy(store, word.slice(0, end))
    if (found.length > 0) return found.slice(0, 5)
  }
  return []
}

/** The words that begin so, in order. @param {Store} store @param {string} beginning @returns {Promise<Counted[]>} */
async function beginning(store, beginning) {
  const lines = await store.lines('words', beginning)
  return lines.map(line => line.split('\t')).map(([word, count]) => [word, Number(count ?? 1)])
}

/** Those of most papers first. @param {Store} store @param {string} word */
async function begunBy(store, word) {
  const { ranking } = await store.head()
  return (await beginning(store, word)).sort((a, b) => b[1] - a[1]).slice(0, ranking.begun).map(([longer]) => longer)
}

/**
 * The words that so many letters added, dropped, changed or swapped make of it, in order. They are looked for among those that
 * share its first or its last two letters; nearly all do. Short words are near to too many others: one edit needs four letters,
 * two need six.
 * @param {Store} store @param {string} word @param {number} edits @returns {Promise<Counted[]>}
 */
async function nearTo(store, word, edits) {
  const own = letters(word)
  const allowed = Math.min(edits, Math.floor(own.length / 2) - 1)
  if (allowed <= 0) return []
  const backwards = (/** @type {string} */ text) => letters(text).reverse().join('')
  const [begun, ended] = await Promise.all([
    beginning(store, own.slice(0, 2).join('')),
    store.lines('ends', own.slice(-2).reverse().join('')),
  ])
  const isNear = (/** @type {string} */ other) =>
    Math.abs(other.length - word.length) <= 2 * allowed && isWithinEdits(letters(other), own, allowed)
  const found = new Map(begun.filter(([other]) => isNear(other)))
  for (const other of ended.map(backwards).filter(other => isNear(other) && !found.has(other))) {
    const [[, count]] = await beginning(store, other)
    found.set(other, count)
  }
  return [...found].sort(([a], [b]) => a < b ? -1 : 1)
}

/**
 * Whether so many letters added, dropped, changed or swapped with the next one lead from a to b.
 * @param {string[]} a @param {string[]} b @param {number} edits @returns {boolean}
 */
function isWithinEdits(a, b, edits) {
  if (Math.abs(a.length - b.length) > edits) return false
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const [x, y] = [a.slice(same), b.slice(same)]
  if (x.length === 0 || y.length === 0) return true
  if (edits === 0) return false
  return isWithinEdits(x.slice(1), y.slice(1), edits - 1)
    || isWithinEdits(x.slice(1), y, edits - 1)
    || isWithinEdits(x, y.slice(1), edits - 1)
    || (x[0] === y[1] && x[1] === y[0] && isWithinEdits(x.slice(2), y.slice(2), edits - 1))
}

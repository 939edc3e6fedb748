// @ts-check
// excerpt: what a question found, marked in texts as they are written, and the passage of a paper that tells most of it.
import { folded, isStopWord, stem, words, written } from './terms.js'

/**
 * A text in pieces: joined, they are the text.
 * @typedef {{ text: string, marked: boolean }[]} Pieces
 *
 * One word of a question as the engine has read it: every word with one of the stems is what it found.
 * @typedef {{ spellings: string[], stems: Set<string> }} Wanted
 *
 * A word as terms.js gives it, and where it stands in a text: it begins at `from`, its letter i ends at `to[i]`.
 * @typedef {{ word: string, from: number, to: number[] }} Place
 * @typedef {{ parts: Place[], joined: Place | null }} Located a written word
 *
 * @typedef {{ from: number, to: number }} Span
 * @typedef {Span & { by: Wanted[] }} Hit
 * @typedef {Span & { starts: boolean, ends: boolean }} Passage whether it starts, and ends, where a sentence does
 */

const LONGEST = 160 // characters of an excerpt
const SHORTEST = 80 // ... that ends with a sentence although there is room for more
const LEAD = 50 // shown before a word whose sentence starts too far away
const MOST_HITS = 100 // looked at in one text; it bounds the work on one that is all hits
// A no-break space holds together what is one, as the names of a person do: nothing is cut there.
const SENTENCE_END = /\n\s*|[.!?…]["”’)\]]*[^\S\u00a0]+(?=["“‘([]*[\p{Lu}\p{Lo}\p{N}])|[。！？]\s*/gu
const HYPHEN = /[-\u2010\u00ad]/
/** What stands in a text where terms.js gives a spoken name. */
const SIGNS = new Map(['c++', 'c#', '.net', 'a*'].map(sign => [words(sign)[0], sign]))

/** @param {string} text @param {Wanted[]} wanted @returns {Pieces} */
export const marked = (text, wanted) => pieces(text, hits(text, wanted))

/** What is wanted and stands in none of these texts. @param {Wanted[]} wanted @param {string[]} seen */
export function unseen(wanted, seen) {
  const met = new Set(seen.flatMap(text => hits(text, wanted)).flatMap(({ by }) => by))
  return wanted.filter(word => !met.has(word))
}

/**
 * The passage of these texts that holds the most words that are wanted and not yet seen; null when none holds any.
 * @param {string[]} texts @param {Wanted[]} wanted @param {string[]} seen @returns {Pieces | null}
 */
export function excerpt(texts, wanted, seen) {
  const news = unseen(wanted, seen)
  if (news.length === 0) return null
  let best = { worth: [0], pieces: /** @type {Pieces | null} */ (null) }
  for (const text of texts) {
    const found = hits(text, wanted)
    for (const passage of passages(text, found.filter(({ by }) => by.some(word => news.includes(word))))) {
      const held = new Set(found.filter(hit => isWithin(hit, passage)).flatMap(({ by }) => by))
      const worth = [news.filter(word => held.has(word)).length, +passage.starts, held.size, +passage.ends]
      if (isMore(worth, best.worth)) best = { worth, pieces: quoted(text, found, passage) }
    }
  }
  return best.pieces
}

/** @param {Span} inner @param {Span} outer */
const isWithin = (inner, outer) => inner.from >= outer.from && inner.to <= outer.to

/** The first number that differs decides; a missing one is nothing. @param {number[]} a @param {number[]} b */
function isMore(a, b) {
  const at = a.findIndex((value, i) => value !== (b[i] ?? 0))
  return at >= 0 && a[at] > (b[at] ?? 0)
}

/**
 * The passages worth showing for these hits. Each starts with a hit's sentence, a few words before the hit, or with the hit;
 * it ends where there is no more room, or with a sentence before that.
 * @param {string} text @param {Hit[]} hits @returns {Passage[]}
 */
function passages(text, hits) {
  const breaks = [...text.matchAll(SENTENCE_END)].map(({ 0: found, index }) =>
    ({ end: index + found.trimEnd().length, next: index + found.length }))
  return hits.slice(0, MOST_HITS).flatMap(hit => {
    const start = breaks.filter(({ next }) => next <= hit.from).at(-1)?.next ?? 0
    const starts = [start, leadIn(text, start, hit.from), boundStart(text, hit.from)]
    return starts.filter(from => hit.to - from <= LONGEST).flatMap(from => {
      const limit = from + LONGEST
      if (text.length <= limit) return [{ from, to: text.length, starts: from === start, ends: true }]
      const ends = breaks.filter(({ end }) => end >= from + SHORTEST && end <= limit).slice(-1)
      return [...ends.map(({ end }) => ({ to: end, ends: true })), { to: wordEnd(text, from, limit), ends: false }]
        .map(last => ({ from, starts: from === start, ...last }))
    })
  })
}

/**
 * Where the first whole one of the last few words before `from` begins.
 * @param {string} text @param {number} start of the sentence @param {number} from
 */
function leadIn(text, start, from) {
  const earliest = Math.max(start, from - LEAD)
  const space = text.slice(earliest, from).search(/[^\S\u00a0]/)
  return space < 0 ? from : earliest + space + 1
}

/** Where that begins which no-break spaces hold together with the word at `from`. @param {string} text @param {number} from */
function boundStart(text, from) {
  const bound = text.slice(Math.max(0, from - LEAD), from).search(/(?:\S+\u00a0)+\S*$/)
  return bound < 0 ? from : Math.max(0, from - LEAD) + bound
}

/**
 * The last place up to `limit` where a word ends; in writing without spaces, where a character does.
 * @param {string} text @param {number} from @param {number} limit
 */
function wordEnd(text, from, limit) {
  const shown = text.slice(from, limit + 1)
  const space = shown.search(/[^\S\u00a0][\S\u00a0]*$/)
  if (space >= LONGEST / 2) return from + shown.slice(0, space).replace(/[\s,;:–—(-]+$/, '').length
  let end = limit
  while (end > from && /^[\p{M}\u200d\udc00-\udfff]/u.test(text.slice(end, end + 2))) end--
  return end > from ? end : limit
}

/** @param {string} text @param {Span[]} spans @param {Passage} passage @returns {Pieces} */
function quoted(text, spans, passage) {
  const cut = (/** @type {boolean} */ isWhole) => isWhole ? [] : [{ text: '…', marked: false }]
  return [...cut(passage.starts), ...pieces(text, spans, passage), ...cut(passage.ends)]
}

/**
 * The text with these spans of it marked; spans that touch are one. Given a part, only that.
 * @param {string} text @param {Span[]} spans @param {Span} [part] @returns {Pieces}
 */
export function pieces(text, spans, part = { from: 0, to: text.length }) {
  /** @type {Pieces} */
  const found = []
  let at = part.from
  const add = (/** @type {number} */ to, /** @type {boolean} */ marked) => {
    if (to <= at) return
    const last = found.at(-1)
    if (last && last.marked === marked) last.text += text.slice(at, to)
    else found.push({ text: text.slice(at, to), marked })
    at = to
  }
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    add(Math.min(from, part.to), false)
    add(Math.min(to, part.to), true)
  }
  add(part.to, false)
  return found
}

/** Where the text has what is wanted. @param {string} text @param {Wanted[]} wanted @returns {Hit[]} */
function hits(text, wanted) {
  if (wanted.length === 0) return []
  const places = located(text).flatMap(({ parts, joined }) => joined ? [...parts, joined] : parts)
  return places.flatMap(place => {
    const found = wanted.map(word => ({ word, to: reach(place, word) })).filter(({ to }) => to > 0)
    if (found.length === 0 || isStopWord(place.word)) return []
    return [{ from: place.from, to: Math.max(...found.map(({ to }) => to)), by: found.map(({ word }) => word) }]
  })
}

/**
 * To where a word of a text is what is wanted; 0: it is not. Of one that only begins so, the rest is not.
 * @param {Place} place @param {Wanted} wanted
 */
function reach(place, { spellings, stems }) {
  const own = stem(place.word)
  if (!stems.has(own)) return 0
  const begun = spellings.some(word => stem(word) === own) ? undefined : spellings.find(word => place.word.startsWith(word))
  return endOf(place, begun ?? place.word)
}

/**
 * Where the beginning of a word ends in the text; if that is inside a character (the first letter of "ﬁ"), where the word does.
 * @param {Place} place @param {string} beginning
 */
export function endOf({ to }, beginning) {
  const end = to[beginning.length - 1]
  return /** @type {number} */ (to[beginning.length] === end ? to.at(-1) : end)
}

/** The words of a text, as terms.js gives them, and where they stand. @param {string} text @returns {Located[]} */
export function located(text) {
  const { plain, from, to } = unfolded(text)
  let at = 0
  return written(text).map(({ parts, joined }) => {
    /** @type {Place[]} */
    const places = []
    for (const part of parts) {
      const { start, length } = next(plain, part, at)
      if (start < 0) break
      at = start + length
      const ends = length === part.length ? to.slice(start, at) : Array(part.length).fill(to[at - 1])
      places.push({ word: part, from: from[start], to: ends })
      if (places.length === parts.length) break
      at = HYPHEN.test(plain[at]) ? at + 1 : start + [...part][0].length // of ideographs, the next two begin one further on
    }
    const whole = joined === null ? null : { word: joined, from: places[0].from, to: places.flatMap(({ to }) => to) }
    return { parts: places, joined: whole }
  })
}

/** Where a word stands next; a spoken name has another length there. @param {string} plain @param {string} word @param {number} at */
function next(plain, word, at) {
  const sign = SIGNS.get(word)
  const [said, signed] = [plain.indexOf(word, at), sign === undefined ? -1 : plain.indexOf(sign, at)]
  return sign !== undefined && signed >= 0 && (said < 0 || signed < said)
    ? { start: signed, length: sign.length }
    : { start: said, length: word.length }
}

/** @type {Map<string, string>} */
const foldings = new Map()

/**
 * The folded text, and of each letter of it from where to where the character stands that it was made of. What folding drops
 * are marks: they belong to the character before. (Character by character gives the same as the whole: folding looks at no
 * neighbors.)
 * @param {string} text
 */
function unfolded(text) {
  let plain = ''
  /** @type {number[]} */
  const from = []
  /** @type {number[]} */
  const to = []
  let at = 0
  for (const character of text) {
    let letters = foldings.get(character)
    if (letters === undefined) foldings.set(character, letters = folded(character))
    const end = at + character.length
    if (letters === '') for (let i = to.length - 1; to[i] === at; i--) to[i] = end
    for (let i = 0; i < letters.length; i++) {
      from.push(at)
      to.push(end)
    }
    plain += letters
    at = end
  }
  return { plain, from, to }
}

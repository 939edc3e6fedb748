// @ts-check
// suggest: the tags and authors whose names go on from what is typed.
import { endOf, located, pieces } from './excerpt.js'
import { written } from './terms.js'

/**
 * The file search/names.json, the largest first.
 * @typedef {[id: string, label: string, facet: string, glyph: string, count: number, synonyms: string[]]} TagName
 * @typedef {[slug: string, name: string, count: number, hasPage: boolean]} AuthorName
 * @typedef {{ tags: TagName[], authors: AuthorName[] }} Names
 *
 * @typedef {import('./excerpt.js').Pieces} Pieces
 * @typedef {import('./excerpt.js').Place} Place
 * @typedef {import('./excerpt.js').Span} Span
 * @typedef {{ id: string, label: Pieces, facet: string, glyph: string, count: number, by: Pieces | null }} TagSuggestion
 *   `by`: the synonym that was found, where the label was not
 * @typedef {{ slug: string, name: Pieces, count: number, hasPage: boolean }} AuthorSuggestion
 *
 * A text as its words: with the joined forms of hyphenated ones, and once more in parts.
 * @typedef {{ text: string, forms: Place[][] }} Name
 * @typedef {{ text: string, spans: Span[], begins: boolean }} Match `begins`: the text begins with the question
 */

/** @type {WeakMap<Names, { tags: Name[][], authors: Name[][] }>} */
const known = new WeakMap()

/**
 * The tags and authors in whose name every word of the question begins a word of its own. Labels and names that begin with the
 * question come first.
 * @param {Names} names @param {string} text @param {{ tags?: number, authors?: number }} [most]
 * @returns {{ tags: TagSuggestion[], authors: AuthorSuggestion[] }}
 */
export function named(names, text, { tags = 3, authors = 2 } = {}) {
  const asked = forms(written(text))
  const letters = [...asked[0].join('')].length
  const { tags: labels, authors: people } = prepared(names)
  return {
    tags: nearest(letters < 1 ? [] : labels, asked, tags).map(({ at, name, match }) => {
      const [id, label, facet, glyph, count] = names.tags[at]
      return name === 0
        ? { id, label: shown(match), facet, glyph, count, by: null }
        : { id, label: [{ text: label, marked: false }], facet, glyph, count, by: shown(match) }
    }),
    authors: nearest(letters < 2 ? [] : people, asked, authors).map(({ at, match }) => {
      const [slug, , count, hasPage] = names.authors[at]
      return { slug, name: shown(match), count, hasPage }
    }),
  }
}

/** @param {Match} match */
const shown = ({ text, spans }) => pieces(text, spans)

/** The names, split into words when they are first asked for. @param {Names} names */
function prepared(names) {
  const found = known.get(names) ?? {
    tags: names.tags.map(([, label, , , , synonyms]) => [label, ...synonyms].map(asName)),
    authors: names.authors.map(([, name]) => [asName(name)]),
  }
  known.set(names, found)
  return found
}

/** @param {string} text @returns {Name} */
const asName = text => ({ text, forms: forms(located(text)) })

/** @template T @param {{ parts: T[], joined: T | null }[]} words @returns {T[][]} */
const forms = words => [words.flatMap(({ parts, joined }) => joined ?? parts), words.flatMap(({ parts }) => parts)]

/**
 * Which things match best, and under which of their names; the first one counts most.
 * @param {Name[][]} things the largest first @param {string[][]} asked @param {number} most
 */
function nearest(things, asked, most) {
  const found = things.flatMap((names, at) => {
    const matches = names.map((name, i) => ({ at, name: i, match: matched(name, asked) }))
    const best = matches.find(({ match }) => match)
    return best?.match ? [{ at, name: best.name, match: best.match }] : []
  })
  const isNear = (/** @type {typeof found[0]} */ { name, match }) => name === 0 && match.begins
  return [...found.filter(isNear), ...found.filter(thing => !isNear(thing))].slice(0, most)
}

/** @param {Name} name @param {string[][]} asked @returns {Match | null} */
function matched({ text, forms }, asked) {
  for (const places of forms) {
    for (const words of asked) {
      const spans = begun(places, words)
      if (spans) return { text, spans, begins: places.map(({ word }) => word).join(' ').startsWith(words.join(' ')) }
    }
  }
  return null
}

/**
 * Where each word begins one of the places, no two the same; null when one does not. The longest goes first: whatever it may
 * begin, a beginning of it may begin as well.
 * @param {Place[]} places @param {string[]} words @returns {Span[] | null}
 */
function begun(places, words) {
  if (words.length > places.length) return null
  const free = [...places]
  const spans = []
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const at = free.findIndex(place => place.word.startsWith(word))
    if (at < 0) return null
    const [place] = free.splice(at, 1)
    spans.push({ from: place.from, to: endOf(place, word) })
  }
  return spans
}

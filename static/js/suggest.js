// @ts-check
// suggest: the tags, authors and pages whose names go on from what is typed, or stand in it.
import { endOf, located, pieces } from './excerpt.js'
import { stem, written } from './terms.js'

/**
 * What a question may mean besides papers, the largest first; chapters in their order.
 * @typedef {[id: string, label: string, facet: string, glyph: string, count: number, synonyms: string[],
 *   page: number | null]} TagName `page`: the place of the page that tells most of it
 * @typedef {[slug: string, name: string, count: number, hasPage: boolean]} AuthorName
 * @typedef {[address: string, number: string, title: string]} PageName `number` of a chapter; others have ""
 * @typedef {{ tags: TagName[], authors: AuthorName[], pages: PageName[] }} Names
 *
 * @typedef {import('./excerpt.js').Pieces} Pieces
 * @typedef {import('./excerpt.js').Place} Place
 * @typedef {import('./excerpt.js').Span} Span
 * @typedef {{ id: string, label: Pieces, facet: string, glyph: string, count: number, by: Pieces | null }} TagSuggestion
 *   `by`: the synonym that was found, where the label was not
 * @typedef {{ slug: string, name: Pieces, count: number, hasPage: boolean }} AuthorSuggestion
 * @typedef {{ address: string, number: string, title: Pieces }} PageSuggestion
 *
 * A text as its words: with the joined forms of hyphenated ones, and once more in parts. `isOther`: a synonym.
 * @typedef {{ text: string, forms: Place[][], isOther: boolean }} Name
 * @typedef {{ at: number, name: Name, spans: Span[] }} Found the thing at this place, by this name of it; what to mark there
 */

const SURNAME = 4 // letters; shorter ones are too often words
const NAMESAKES = 3 // with more of them nobody in particular is meant

/** @type {WeakMap<Names, { tags: Name[][], authors: Name[][], pages: Name[][] }>} */
const known = new WeakMap()

const SHORTEST = 2 // letters that authors are looked for by; in a large survey too many have the same
const MANY = 1000 // papers of a large survey
const MOST_WORDS = 4 // of a question: a longer one names nobody

/**
 * The authors of whose names a word begins with, or is, a word of the text; those of most papers first.
 * @param {import('./store.js').Store} store @param {string} text @returns {Promise<AuthorName[]>}
 */
export async function people(store, text) {
  const { size } = await store.head()
  const words = forms(written(text)).flat().filter(word => word.length >= (size < MANY ? SHORTEST : SHORTEST + 1))
  const lines = await Promise.all([...new Set(words)].slice(0, MOST_WORDS).map(word => store.lines('people', word)))
  /** @type {Map<string, AuthorName>} */
  const found = new Map()
  for (const [, slug, name, count, hasPage] of lines.flat().map(line => line.split('\t'))) {
    found.set(slug, [slug, name, Number(count), hasPage === '1'])
  }
  return [...found.values()].sort((a, b) => b[2] - a[2])
}

/**
 * The tags, authors and pages in whose name every word of the question begins a word of its own; where there are none, the tags
 * and authors that the question names among other words, and the page that tells most of the first tag.
 * @param {Names} names @param {string} text @param {{ tags?: number, authors?: number }} [most]
 * @returns {{ tags: TagSuggestion[], authors: AuthorSuggestion[], pages: PageSuggestion[] }}
 */
export function named(names, text, { tags: mostTags = 3, authors: mostAuthors = 2 } = {}) {
  const asked = forms(written(text))
  const said = new Set(asked.flat())
  const letters = [...asked[0].join('')].length
  const { tags, authors, pages } = prepared(names)
  const labels = first(letters < 1 ? [] : nearest(tags, asked), () => within(tags, said)).slice(0, mostTags)
  const people = first(letters < 2 ? [] : nearest(authors, asked), () => surnamed(authors, said)).slice(0, mostAuthors)
  const titles = first(letters < 1 ? [] : nearest(pages, asked), () => treating(names, pages, labels)).slice(0, 1)
  return {
    tags: labels.map(found => {
      const [id, label, facet, glyph, count] = names.tags[found.at]
      return found.name.isOther
        ? { id, label: [{ text: label, marked: false }], facet, glyph, count, by: shown(found) }
        : { id, label: shown(found), facet, glyph, count, by: null }
    }),
    authors: people.map(found => {
      const [slug, , count, hasPage] = names.authors[found.at]
      return { slug, name: shown(found), count, hasPage }
    }),
    pages: titles.map(found => {
      const [address, number] = names.pages[found.at]
      return { address, number, title: shown(found) }
    }),
  }
}

/** @param {Found[]} found @param {() => Found[]} others */
const first = (found, others) => found.length > 0 ? found : others()

/** @param {Found} found */
const shown = ({ name, spans }) => pieces(name.text, spans)

/** The names, split into words when they are first asked for. @param {Names} names */
function prepared(names) {
  const found = known.get(names) ?? {
    tags: names.tags.map(([, label, , , , synonyms]) => [asName(label), ...synonyms.map(asSynonym), ...begunBy(label)]),
    authors: names.authors.map(([, name]) => [asName(name)]),
    pages: names.pages.map(([, , title]) => [asName(title)]),
  }
  known.set(names, found)
  return found
}

/** @param {string} text @returns {Name} */
const asName = text => ({ text, forms: forms(located(text)), isOther: false })

/** @param {string} text @returns {Name} */
const asSynonym = text => ({ ...asName(text), isOther: true })

/** Of two things under one label, the first is a name as well. @param {string} label @returns {Name[]} */
function begunBy(label) {
  const [start, ...rest] = label.split(' & ')
  return rest.length > 0 ? [{ ...asName(start), text: label }] : []
}

/** @template T @param {{ parts: T[], joined: T | null }[]} words @returns {T[][]} */
const forms = words => [words.flatMap(({ parts, joined }) => joined ?? parts), words.flatMap(({ parts }) => parts)]

/**
 * The things of which a name has every word of the question. Labels and names that begin with the question come first.
 * @param {Name[][]} things the largest first; of its names the first one counts most @param {string[][]} asked @returns {Found[]}
 */
function nearest(things, asked) {
  const found = things.flatMap((names, at) => names.flatMap(name => matched(name, asked) ?? []).slice(0, 1)
    .map(match => ({ at, ...match })))
  const isNear = (/** @type {typeof found[0]} */ { name, begins }) => begins && !name.isOther
  return [...found.filter(isNear), ...found.filter(thing => !isNear(thing))]
}

/** @param {Name} name @param {string[][]} asked `begins`: the name begins with the question */
function matched(name, asked) {
  for (const places of name.forms) {
    for (const words of asked) {
      const spans = begun(places, words)
      if (spans) return { name, spans, begins: places.map(({ word }) => word).join(' ').startsWith(words.join(' ')) }
    }
  }
  return null
}

/**
 * The things of which a whole name stands among the words that are said; the names of most words first.
 * @param {Name[][]} things the largest first @param {Set<string>} said @returns {Found[]}
 */
function within(things, said) {
  const stems = new Set([...said].map(stem))
  const isSaid = (/** @type {Place[]} */ places) => places.length > 0 && places.every(({ word }) => stems.has(stem(word)))
  return things.flatMap((names, at) => names
    .flatMap(name => name.forms.filter(isSaid).slice(0, 1).map(places => ({ at, name, spans: places.map(whole) })))
    .sort(byWords).slice(0, 1)).sort(byWords)
}

/** @param {Found} a @param {Found} b */
const byWords = (a, b) => b.name.forms[1].length - a.name.forms[1].length

/** @param {Place} place @returns {Span} */
const whole = ({ from, to }) => ({ from, to: /** @type {number} */ (to.at(-1)) })

/**
 * The authors whose surname is said, unless too many share it.
 * @param {Name[][]} authors those of most papers first @param {Set<string>} said @returns {Found[]}
 */
function surnamed(authors, said) {
  /** @type {Map<string, Found[]>} */
  const found = new Map()
  authors.forEach(([name], at) => {
    const last = name.forms[0].at(-1)
    if (!last || last.word.length < SURNAME || !said.has(last.word)) return
    found.set(last.word, [...found.get(last.word) ?? [], { at, name, spans: [whole(last)] }])
  })
  return [...found.values()].filter(people => people.length <= 1 + NAMESAKES).flat().sort((a, b) => a.at - b.at)
}

/** The page that tells most of the first of these tags. @param {Names} names @param {Name[][]} pages @param {Found[]} tags */
function treating(names, pages, tags) {
  const at = tags.length > 0 ? names.tags[tags[0].at][6] : null
  return at === null ? [] : [{ at, name: pages[at][0], spans: [] }]
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

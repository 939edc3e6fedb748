// @ts-check
// answers: what a page shows of a question: papers with what was found marked in them, tags, authors and pages that it may mean.
// It touches no page, so a worker can import it. asking.js is how a page asks.
import { on } from './engine.js'
import { excerpt, marked, unseen } from './excerpt.js'
import { open as openStore } from './store.js'
import { named, people } from './suggest.js'

/**
 * @typedef {import('./excerpt.js').Pieces} Pieces [{ text, marked }]; joined, the pieces are the text
 * @typedef {import('./excerpt.js').Wanted} Wanted
 * @typedef {import('./engine.js').Options} Options limit: 20 unless given; null: all
 * @typedef {import('./engine.js').Answer} Given
 * @typedef {import('./filters.js').Filters} Filters
 * @typedef {import('./suggest.js').Names} Names
 * @typedef {import('./suggest.js').TagSuggestion} TagSuggestion
 * @typedef {import('./suggest.js').AuthorSuggestion} AuthorSuggestion
 * @typedef {import('./suggest.js').PageSuggestion} PageSuggestion
 *
 * @typedef {object} Answer
 * @property {number} total papers that have any word of the question
 * @property {number} whole papers that have every word of it
 * @property {number} size papers in all
 * @property {string | null} corrected the question with its misspelled words put right; null: there are none
 * @property {Found[]} papers the first `limit` of those that match
 * @property {TagSuggestion[]} tags at most 3; [{ id, label: Pieces, facet, glyph, count, by: Pieces | null }]
 * @property {AuthorSuggestion[]} authors at most 2; [{ slug, name: Pieces, count, hasPage }]
 * @property {PageSuggestion[]} pages at most 1; [{ address, number, title: Pieces }]
 * @property {{ tag: Record<string, string>, author: Record<string, string> }} names of the filters in use: of tags by id, of
 *   authors by slug; what is not known is its own name
 * @property {Given['all']} all
 * @property {Given['facets']} facets
 * @property {Given['instead']} instead of no paper: what would be found without this filter
 * @property {string[]} near of no paper: words that are nearest to those that were asked
 * @property {boolean} draft a better one can be had: with all papers, in their final order, with excerpts
 *
 * @typedef {object} Found
 * @property {string} id
 * @property {Pieces} title
 * @property {Pieces} byline
 * @property {string} when
 * @property {Pieces | null} gist null: it has none
 * @property {Pieces | null} excerpt what its texts hold of the question and title, byline and gist do not
 * @property {string[]} hand ids of tags
 * @property {string[]} suggested ids of tags
 * @property {string[]} has "code", "note", ...
 *
 * @typedef {{ answer(text: string, options?: Options): Promise<Answer> }} Answers
 */

/** @template T @param {number} milliseconds @param {T} value @returns {Promise<T>} */
const after = (milliseconds, value) => new Promise(resolve => setTimeout(resolve, milliseconds, value))

const FIRST = 6 // papers of a draft
const SOON = 60 // milliseconds in which a draft is not worth while
const MANY = 1000 // papers, of which all that an answer needs is too much to come at once
const LATE = 800 // ... that an answer waits for an excerpt
/** @type {Names} */
const NO_NAMES = { tags: [], authors: [], pages: [] }

/**
 * The answers of the site at `baseUrl`. Its files are fetched when the first question needs them.
 * @param {string | URL} baseUrl @returns {Answers}
 */
export function open(baseUrl) {
  const store = openStore(String(baseUrl))
  const engine = on(store)

  /** What is missing is no reason to give no answer; the next question tries again. @param {string} text @returns {Promise<Names>} */
  async function names(text) {
    const [{ tags, pages }, authors] = await Promise.all([
      store.json('names.json').catch(() => NO_NAMES),
      people(store, text).catch(() => []),
    ])
    return { tags, pages, authors }
  }

  /** @param {number} ordinal @param {Wanted[]} words @param {boolean} hasty @returns {Promise<Found>} */
  async function found(ordinal, words, hasty) {
    const [id, title, byline, when, gist, hand, suggested, has] = await store.card(ordinal)
    const seen = [title, byline, gist]
    const isMore = !hasty && unseen(words, seen).length > 0
    const texts = isMore ? await Promise.race([store.texts(ordinal).catch(() => []), after(LATE, [])]) ?? [] : []
    const shown = { title: marked(title, words), byline: marked(byline, words), gist: gist ? marked(gist, words) : null }
    return { id, when, ...shown, excerpt: isMore ? excerpt(texts, words, seen) : null, hand, suggested, has }
  }

  /** @param {string} text @param {Options} options @param {boolean} hasty @returns {Promise<Answer>} */
  async function given(text, options, hasty) {
    const given = await engine.search(text, options)
    const [words, known, { size }] =
      await Promise.all([engine.matches(text), hasty ? NO_NAMES : names(given.corrected ?? text), store.head()])
    const papers = await Promise.all(given.ordinals.map(ordinal => found(ordinal, words, hasty)))
    const { total, whole, corrected, all, facets, instead, near } = given
    const meant = named(known, corrected ?? text)
    return {
      total, whole, size, corrected, papers, ...meant, names: await namesOf(store, options.filters ?? {}, known),
      all, facets, instead, near, draft: hasty,
    }
  }

  return {
    async answer(text, options = {}) {
      const full = () => given(text, { ...options, hasty: false }, false)
      if (!options.hasty) return full()
      const draft = () => given(text, { ...options, limit: FIRST, facets: false }, true)
      const { size } = await store.head()
      if (size > MANY && !store.isThere('similar.bin')) return draft() // what a draft does not need would take the line
      return Promise.race([full(), after(SOON, null).then(draft)])
    },
  }
}

/** @param {import('./store.js').Store} store @param {Filters} filters @param {Names} known */
async function namesOf(store, { tag, author }, { tags }) {
  const slugs = [author ?? []].flat().map(bare)
  const lines = await Promise.all(slugs.map(slug => store.lines('authors', `${slug}\t`)))
  const authors = lines.flat().map(line => line.split('\t'))
  return { tag: namesIn(tags, [tag ?? []].flat().map(bare)), author: namesIn(authors, slugs) }
}

/** @param {string} value */
const bare = value => value.replace(/^-/, '')

/** @param {any[]} rows each begins with an id and a name @param {string[]} ids */
const namesIn = (rows, ids) => Object.fromEntries(ids.map(id => [id, rows.find(([known]) => known === id)?.[1] ?? id]))

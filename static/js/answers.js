// @ts-check
// answers: what a page shows of a question: papers with what was found marked in them, tags, authors and pages that it may mean.
// It touches no page, so a worker can import it. asking.js is how a page asks.
import { file, open as openEngine } from './engine.js'
import { excerpt, marked, unseen } from './excerpt.js'
import { named } from './suggest.js'

/**
 * @typedef {import('./excerpt.js').Pieces} Pieces [{ text, marked }]; joined, the pieces are the text
 * @typedef {import('./excerpt.js').Wanted} Wanted
 * @typedef {import('./engine.js').Filters} Filters
 * @typedef {import('./engine.js').Paper} Paper
 * @typedef {import('./suggest.js').Names} Names
 * @typedef {import('./suggest.js').TagSuggestion} TagSuggestion
 * @typedef {import('./suggest.js').AuthorSuggestion} AuthorSuggestion
 * @typedef {import('./suggest.js').PageSuggestion} PageSuggestion
 *
 * @typedef {{ limit?: number | null, filters?: Filters }} Options limit: 20 unless given; null: all
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

/** An answer waits so long for an excerpt. @template T @param {T} value @returns {Promise<T>} */
const late = value => new Promise(resolve => setTimeout(resolve, 800, value))
/** @type {{ texts: [id: string, passages: string[]][] }} */
const NO_TEXTS = { texts: [] }
/** @type {Names} */
const NO_NAMES = { tags: [], authors: [], pages: [] }

/**
 * The answers of the site at `baseUrl`. Its files are fetched when the first question needs them.
 * @param {string | URL} baseUrl @returns {Answers}
 */
export function open(baseUrl) {
  const engine = openEngine(baseUrl)
  const fetched = remembered(name => file(String(baseUrl), name))
  let size = 0 // 0: not asked yet

  /** What is missing is no reason to give no answer; the next question tries again. @returns {Promise<Names>} */
  const names = () => fetched('names.json').catch(() => NO_NAMES)

  /** @param {Paper} paper @returns {Promise<string[]>} */
  async function texts({ id, text }) {
    if (text === null) return []
    /** @type {{ texts: [id: string, passages: string[]][] }} */
    const { texts } = await Promise.race([fetched(`texts/${text}.json`).catch(() => NO_TEXTS), late(NO_TEXTS)])
    return texts.find(([known]) => known === id)?.[1] ?? []
  }

  /** @param {Paper} paper @param {Wanted[]} words @returns {Promise<Found>} */
  async function found(paper, words) {
    const { id, title, byline, when, gist, hand, suggested, has } = paper
    const seen = [title, byline, gist]
    const told = unseen(words, seen).length > 0 ? excerpt(await texts(paper), words, seen) : null
    const shown = { title: marked(title, words), byline: marked(byline, words), gist: gist ? marked(gist, words) : null }
    return { id, when, ...shown, excerpt: told, hand, suggested, has }
  }

  return {
    async answer(text, { limit = 20, filters = {} } = {}) {
      const [{ total, whole, results, corrected }, words, known] =
        await Promise.all([engine.search(text, { limit, filters }), engine.matches(text), names()])
      size ||= (await engine.search('', { limit: 0 })).total
      const papers = await Promise.all(results.map(({ id }) => found(/** @type {Paper} */ (engine.paper(id)), words)))
      const meant = named(known, corrected ?? text)
      return { total, whole, size, corrected, papers, ...meant, names: namesOf(filters, known) }
    },
  }
}

/**
 * The same with a memory. What failed is not remembered.
 * @param {(name: string) => Promise<any>} give @returns {(name: string) => Promise<any>}
 */
function remembered(give) {
  /** @type {Map<string, Promise<any>>} */
  const given = new Map()
  return name => {
    const known = given.get(name)
    if (known) return known
    const value = give(name)
    given.set(name, value)
    value.catch(() => given.delete(name))
    return value
  }
}

/** @param {Filters} filters @param {Names} known */
function namesOf({ tag, author }, { tags, authors }) {
  return { tag: namesIn(tags, tag), author: namesIn(authors, author) }
}

/** @param {[id: string, name: string, ...rest: any][]} rows @param {string | string[] | null | undefined} ids */
function namesIn(rows, ids) {
  return Object.fromEntries([ids ?? []].flat().map(id => [id, rows.find(([known]) => known === id)?.[1] ?? id]))
}

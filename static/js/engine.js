// @ts-check
// engine: finds papers by words and filters. It touches no page, so a page, a worker or a test can import it.
import lunr from './lunr.js'
import { folded, isStopWord, stem, written } from './terms.js'

/**
 * @typedef {{ id: string, title: string, byline: string, when: string, date: string, year: number | null, venue: string,
 *   tags: string[], authors: string[], has: string[], gist: string,
 *   hand: string[], suggested: string[], text: number | null }} Paper
 *
 * @typedef {object} Filters
 * @property {string | string[]} [tag] all of them
 * @property {string | string[]} [author] all of them
 * @property {string | string[]} [venue] any of them
 * @property {[number | null, number | null]} [year] from, to; null is open
 * @property {string | string[]} [has] all of them
 *
 * @typedef {object} Answer
 * @property {number} total papers that have any word of the query, and pass the filters
 * @property {number} whole ... every word: itself, a longer one while it is typed, or what it was corrected to
 * @property {{ id: string, score: number }[]} results
 * @property {string | null} corrected
 *
 * @typedef {Map<string, number>} Scores paper's id -> score
 * @typedef {(stem: string) => Scores} Hits
 * @typedef {{ papers: Map<string, Paper>, words: string[], hits: Hits }} Library papers newest first, words in order
 *
 * One word of the query: any of its spellings may match. `open`: it is still being typed.
 * @typedef {{ spellings: string[], open: boolean }} Group
 * @typedef {{ edits: number, prefixes: boolean }} Effort
 *
 * One word of the query with the stems that papers were found by: its own, longer ones, or those of nearly the same words.
 * @typedef {{ spellings: string[], stems: Set<string> }} Match
 * @typedef {{ scores: Scores, whole: Set<string> }} Ranking `whole`: the papers that have every word
 * @typedef {{ ranking: Ranking | null, corrected: string | null, matches: Match[] }} Reading ranking null: every paper answers
 */

const COLUMNS = [
  'id', 'title', 'byline', 'when', 'date', 'year', 'venue', 'tags', 'authors', 'has', 'gist', 'hand', 'suggested', 'text',
]
const STALLED = 60_000 // milliseconds after which a file that does not come is given up
const PREFIX = 0.5 // what a word counts for that only begins like the one asked for
const TYPO = 0.7 // ... that is spelled a little differently
// Nobody means more words than this; each may cost a walk over all words of the survey, and a pasted page has thousands.
const MOST_GROUPS = 32
/** One after the other, as long as nothing at all is found. @type {Effort[]} */
const EFFORTS = [{ edits: 1, prefixes: false }, { edits: 2, prefixes: false }, { edits: 2, prefixes: true }]

/**
 * The engine of the site at `baseUrl`. Its two files are fetched by the first search.
 * @param {string | URL} baseUrl
 */
export function open(baseUrl) {
  /** @type {Promise<Library> | null} */
  let loading = null
  /** @type {Map<string, Paper>} */
  let papers = new Map()
  /** Limits and filters change while the words stay. @type {{ text: string, reading: Reading } | null} */
  let last = null

  async function library() {
    loading ??= load(String(baseUrl))
    try {
      const loaded = await loading
      papers = loaded.papers
      return loaded
    } catch (error) {
      loading = null // the next search tries again
      throw error
    }
  }

  /** @param {string} text */
  async function read(text) {
    const loaded = await library()
    if (last?.text !== text) last = { text, reading: ask(loaded, text) }
    return last.reading
  }

  return {
    /**
     * @param {string} text
     * @param {{ limit?: number | null, filters?: Filters }} [options] limit null: all of them
     * @returns {Promise<Answer>}
     */
    async search(text, { limit = 20, filters = {} } = {}) {
      const { ranking, corrected } = await read(text)
      const found = [...papers.values()]
        .filter(paper => (!ranking || ranking.scores.has(paper.id)) && passes(paper, filters))
        .map(paper => ({ id: paper.id, score: ranking?.scores.get(paper.id) ?? 0 }))
        .sort((a, b) => b.score - a.score) // stable: among equals the newest stays first
      const whole = ranking ? found.filter(({ id }) => ranking.whole.has(id)).length : found.length
      return { total: found.length, whole, results: limit === null ? found : found.slice(0, limit), corrected }
    },
    /** By what the words of a text find papers. @param {string} text @returns {Promise<Match[]>} */
    matches: async text => (await read(text)).matches,
    /** What a list of results shows of a paper; undefined before the first search. @param {string} id */
    paper: id => papers.get(id),
  }
}

/** @param {string} baseUrl @returns {Promise<Library>} */
async function load(baseUrl) {
  const [search, { papers }] = await Promise.all([file(baseUrl, 'index.json'), file(baseUrl, 'papers.json')])
  const paper = (/** @type {any[]} */ row) => Object.fromEntries(COLUMNS.map((name, i) => [name, row[i]]))
  return {
    papers: new Map(papers.map((/** @type {any[]} */ row) => [row[0], paper(row)])),
    words: search.words.split(' '),
    hits: hitsIn(lunr.Index.load(search.lunr)),
  }
}

/** A file of the search. @param {string} baseUrl @param {string} name */
export async function file(baseUrl, name) {
  const url = `${baseUrl === '' || baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`}search/${name}`
  const response = await fetch(url, { signal: AbortSignal.timeout(STALLED) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  return response.json()
}

/**
 * Asks lunr for one stem at a time, and remembers: its query language throws on many texts, and it sums over a word's
 * expansions, so that rare ones outrank exact hits.
 * @param {any} index @returns {Hits}
 */
function hitsIn(index) {
  /** @type {Map<string, Scores>} */
  const known = new Map()
  const matches = (/** @type {string} */ term) =>
    index.query((/** @type {any} */ query) => query.term(term, { usePipeline: false }))
  return term => {
    const scores = known.get(term) ?? new Map(matches(term).map((/** @type {any} */ match) => [match.ref, match.score]))
    known.set(term, scores)
    return scores
  }
}

/** @param {Paper} paper @param {Filters} filters */
function passes(paper, { tag, author, venue, year, has }) {
  return listed(tag).every(id => paper.tags.includes(id))
    && listed(author).every(slug => paper.authors.includes(slug))
    && listed(has).every(what => paper.has.includes(what))
    && (listed(venue).length === 0 || listed(venue).includes(paper.venue))
    && isWithin(paper.year, year ?? [null, null])
}

/** @param {string | string[] | null | undefined} value */
const listed = value => [value ?? []].flat()

/** An unknown year is within no bounds. @param {number | null} year @param {[number | null, number | null]} bounds */
function isWithin(year, [from, to]) {
  if (from == null && to == null) return true
  return year !== null && year >= (from ?? -Infinity) && year <= (to ?? Infinity)
}

/** @param {Library} library @param {string} text @returns {Reading} */
function ask(library, text) {
  const asked = groups(text)
  if (asked.length === 0) return { ranking: null, corrected: null, matches: [] }
  for (const effort of EFFORTS) {
    /** @type {Map<string, string>} */
    const corrections = new Map()
    const expansions = asked.map(group => expanded(library, group, effort, corrections))
    const ranking = ranked(library, expansions)
    if (ranking.scores.size === 0) continue
    const matches = asked.map(({ spellings }, i) => ({ spellings, stems: new Set(expansions[i].keys()) }))
    return { ranking, corrected: correct(text, corrections), matches }
  }
  return { ranking: { scores: new Map(), whole: new Set() }, corrected: null, matches: [] }
}

/** The words of a text that are asked, each once. @param {string} text @returns {Group[]} */
function groups(text) {
  const words = written(text)
  const last = /\s$/.test(text) ? null : words.at(-1)
  const asked = words.flatMap(word => spelled(word).map((spellings, i, all) =>
    ({ spellings, open: word === last && i === all.length - 1 })))
  return [...new Map(asked.map(group => [group.spellings.join(' '), group])).values()].slice(0, MOST_GROUPS)
}

/**
 * The groups of one written word. The joined form of a hyphenated one ("pretraining") is another spelling of each of its
 * parts ("pre", "training"), not a word more: a paper that writes the joined form has both parts, and none is short of a
 * word because it writes only one form. The other way round needs nothing: the index holds the joined form of every
 * hyphenated word. Where all parts are stop words ("to-do"), the joined form is asked alone.
 * @param {import('./terms.js').Written} word @returns {string[][]}
 */
function spelled({ parts, joined }) {
  const others = joined === null || isStopWord(joined) ? [] : [joined]
  const told = parts.filter(part => !isStopWord(part))
  return told.length > 0 ? told.map(part => [part, ...others]) : others.map(other => [other])
}

/**
 * The stems that may stand for a word of the query, and what each counts for. Longer and nearer words are sought among
 * the words people see: the beginning of a word is often not that of its stem. `corrections` gets the word that was
 * probably meant.
 * @param {Library} library @param {Group} group @param {Effort} effort @param {Map<string, string>} corrections
 */
function expanded({ words, hits }, { spellings, open }, effort, corrections) {
  /** @type {Map<string, number>} */
  const stems = new Map()
  const add = (/** @type {string} */ word, /** @type {number} */ factor) => {
    if (!stems.has(stem(word)) && hits(stem(word)).size > 0) stems.set(stem(word), factor)
  }
  const begun = spellings.filter(word => effort.prefixes || (open && word.length >= 3))
  for (const word of spellings) add(word, 1)
  for (const longer of begun.flatMap(word => beginning(words, word))) add(longer, PREFIX)
  if (stems.size > 0) return stems
  for (const word of spellings) {
    const near = words.filter(other => isNear(other, word, effort.edits))
    for (const other of near) add(other, TYPO)
    if (near.length > 0) corrections.set(word, commonest(near, hits))
  }
  return stems
}

/** @param {string[]} words sorted @param {string} prefix */
function beginning(words, prefix) {
  let from = 0
  for (let to = words.length; from < to;) {
    const middle = (from + to) >> 1
    if (words[middle] < prefix) from = middle + 1
    else to = middle
  }
  let end = from
  while (end < words.length && words[end].startsWith(prefix)) end++
  return words.slice(from, end)
}

/** @param {string[]} words @param {Hits} hits */
function commonest(words, hits) {
  return words.reduce((best, word) => hits(stem(word)).size > hits(stem(best)).size ? word : best)
}

/**
 * Short words are near to too many others: one edit needs four letters, two need six.
 * @param {string} other @param {string} word @param {number} edits
 */
function isNear(other, word, edits) {
  const allowed = Math.min(edits, Math.floor(word.length / 2) - 1)
  return allowed > 0 && Math.abs(other.length - word.length) <= allowed && isWithinEdits(other, word, allowed)
}

/**
 * Whether so many letters added, dropped, changed or swapped with the next one lead from a to b.
 * @param {string} a @param {string} b @param {number} edits @returns {boolean}
 */
function isWithinEdits(a, b, edits) {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const [x, y] = [a.slice(same), b.slice(same)]
  if (!x || !y) return x.length + y.length <= edits
  if (edits === 0) return false
  return isWithinEdits(x.slice(1), y.slice(1), edits - 1)
    || isWithinEdits(x.slice(1), y, edits - 1)
    || isWithinEdits(x, y.slice(1), edits - 1)
    || (x[0] === y[1] && x[1] === y[0] && isWithinEdits(x.slice(2), y.slice(2), edits - 1))
}

/**
 * A word scores by the best of its stems, a paper by the sum over words times the share of the words that it has. The
 * share counts less in long texts, of which no paper has every word.
 * @param {Library} library @param {Map<string, number>[]} expansions @returns {Ranking}
 */
function ranked({ hits }, expansions) {
  const known = expansions.filter(stems => stems.size > 0)
  const alpha = known.length <= 4 ? 1 : 2 / known.length
  const words = known.map(stems => best(hits, stems))
  const scores = new Map(words.flatMap(word => [...word.keys()]).map(id => [id, 0]))
  /** @type {Set<string>} */
  const whole = new Set()
  for (const id of scores.keys()) {
    const found = words.flatMap(word => word.get(id) ?? [])
    scores.set(id, found.reduce((a, b) => a + b, 0) * (found.length / known.length) ** alpha)
    if (found.length === expansions.length) whole.add(id)
  }
  return { scores, whole }
}

/** @param {Hits} hits @param {Map<string, number>} stems @returns {Scores} */
function best(hits, stems) {
  /** @type {Scores} */
  const scores = new Map()
  for (const [term, factor] of stems) {
    for (const [id, score] of hits(term)) scores.set(id, Math.max(scores.get(id) ?? 0, factor * score))
  }
  return scores
}

/**
 * The text with its misspelled words put right; null when there are none.
 * @param {string} text @param {Map<string, string>} corrections
 */
function correct(text, corrections) {
  const right = text.replace(/[\p{L}\p{M}\p{N}]+/gu, word => corrections.get(folded(word)) ?? word)
  return right === text ? null : right
}

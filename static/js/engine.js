// @ts-check
// engine: finds papers by words and filters. It touches no page, so a page, a worker or a test can import it.
// generator/ranking.py ranks in the same way, step for step: change both or neither.
import { apply, bound, counts } from './filters.js'
import { closest, formsOf } from './lexicon.js'
import { groupsOf, holds, partsOf, putRight } from './query.js'
import { scores as scoresOf } from './scores.js'
import { open as openStore } from './store.js'
import { stem } from './terms.js'

/**
 * @typedef {import('./filters.js').Filters} Filters
 * @typedef {import('./filters.js').Facets} Facets
 * @typedef {import('./lexicon.js').Forms} Forms
 * @typedef {import('./query.js').Group} Group
 * @typedef {import('./query.js').Part} Part
 * @typedef {Float64Array} Scores by ordinal
 * @typedef {{ papers: number[], scores: Scores, isWhole: (paper: number) => boolean }} Ranking
 * @typedef {import('./store.js').Store} Store
 *
 * @typedef {object} Options
 * @property {number | null} [limit] null: all of them
 * @property {Filters} [filters]
 * @property {'relevance' | 'newest' | 'added' | 'title'} [sort] without words what is most relevant is what is newest
 * @property {boolean} [facets] whether to count them
 * @property {boolean} [people] ... and the authors too
 * @property {boolean} [all] whether all that match are told, and not only the first so many
 * @property {boolean} [hasty] whether an answer may come before the papers that are near to others are known
 *
 * @typedef {object} Answer
 * @property {number} total papers that have any word of the question, and pass the filters
 * @property {number} whole ... every word: itself, a longer one while it is typed, or what it was corrected to
 * @property {{ id: string, score: number }[]} results
 * @property {string | null} corrected
 * @property {number[]} ordinals of the results
 * @property {number[] | null} all ordinals of all that match, in their order
 * @property {Facets | null} facets
 * @property {{ name: string, value: string, total: number }[]} instead of no paper: what would be found without this filter, or without the words ("q")
 * @property {string[]} near of no paper: words that are nearest to those that were asked
 * @property {boolean} draft the order may still change
 *
 * One word of the question with the stems that papers were found by: its own, longer ones, or those of nearly the same words.
 * @typedef {{ spellings: string[], stems: Set<string> }} Match
 *
 * @typedef {object} Reading
 * @property {number[]} papers that answer
 * @property {Scores | null} scores null: nothing tells them apart
 * @property {(paper: number) => boolean} isWhole whether it has every word
 * @property {string | null} corrected
 * @property {Match[]} matches
 * @property {string[]} near
 * @property {boolean} draft
 */

const MOST_EDITS = 2 // one is tried first; two only when no word finds anything

/** The engine of the site at `baseUrl`. Files are fetched when a search needs them. @param {string | URL} baseUrl */
export const open = baseUrl => on(openStore(String(baseUrl)))

/** @param {Store} store */
export function on(store) {
  /** Limits and filters change while the words stay. @type {{ text: string, reading: Promise<Reading>, isThere: boolean } | null} */
  let last = null

  /** What is read in haste is not kept: it may be a draft. @param {string} text @param {boolean} hasty */
  async function read(text, hasty) {
    if (hasty && !(last?.text === text && last.isThere)) return question(store, text, true)
    if (last?.text !== text) last = { text, reading: question(store, text, false), isThere: false }
    const mine = last
    try {
      const reading = await mine.reading
      mine.isThere = true
      return reading
    } catch (error) {
      if (last === mine) last = null // the next search tries again
      throw error
    }
  }

  return {
    /** @param {string} text @param {Options} [options] @returns {Promise<Answer>} */
    async search(text, { limit = 20, filters = {}, sort = 'relevance', facets = false, people = false, all = false, hasty = false } = {}) {
      const { papers, scores, isWhole, corrected, near, draft } = await read(text, hasty)
      const { found, instead } = await apply(store, filters, papers)
      const every = all ? await inOrder(store, found, scores, sort, null) : null
      const ordinals = every?.slice(0, limit ?? undefined) ?? await inOrder(store, found, scores, sort, limit)
      const [cards, counted] = await Promise.all([
        Promise.all(ordinals.map(store.card)),
        facets ? counts(store, filters, papers, people) : null,
      ])
      return {
        total: found.length,
        whole: found.filter(isWhole).length,
        results: cards.map(([id], i) => ({ id, score: scores?.[ordinals[i]] ?? 0 })),
        corrected,
        ordinals,
        all: every,
        facets: counted,
        instead,
        near: found.length === 0 ? near : [],
        draft,
      }
    },
    /** By what the words of a text find papers. @param {string} text @returns {Promise<Match[]>} */
    matches: async text => (await read(text, true)).matches,
  }
}

/**
 * The first so many of these papers.
 * @param {Store} store @param {number[]} papers @param {Scores | null} scores @param {string} sort @param {number | null} limit
 */
async function inOrder(store, papers, scores, sort, limit) {
  const most = limit ?? papers.length
  if (most === 0) return []
  if (sort === 'relevance' && scores) return best(papers, scores, most)
  if (sort === 'added') return papers.sort((a, b) => b - a).slice(0, most)
  const kept = new Set(papers)
  /** @type {number[]} */
  const all = await store.json(`columns/${sort === 'title' ? 'title' : 'newest'}.json`)
  return all.filter(paper => kept.has(paper)).slice(0, most)
}

/** The best first; of equals what came last into the survey. @param {number[]} papers @param {Scores} scores @param {number} most */
function best(papers, scores, most) {
  const values = Float64Array.from(papers, paper => scores[paper]).sort()
  const least = values.at(-most) ?? 0 // sorting numbers takes a tenth of the time
  return papers.filter(paper => scores[paper] >= least).sort((a, b) => scores[b] - scores[a] || b - a).slice(0, most)
}

/** @param {Store} store @param {string} text @param {boolean} hasty @returns {Promise<Reading>} */
async function question(store, text, hasty) {
  const head = await store.head()
  const { parts, allows } = await bounded(store, partsOf(text))
  const asked = groupsOf(parts, head.ranking.groups)
  /** @type {Reading} */
  const nothing = { papers: [], scores: null, isWhole: () => true, corrected: null, matches: [], near: [], draft: false }
  if (asked.length === 0) return { ...nothing, papers: Array.from({ length: head.size }, (_, paper) => paper).filter(allows) }
  const near = hasty && !store.isThere('similar.bin') ? null : store.similar()
  near?.catch(() => {}) // it is waited for below
  const { forms, corrections } = await found(store, asked)
  const known = forms.filter(group => group.size > 0)
  if (known.length === 0) {
    const words = await Promise.all(asked.map(({ spellings }) => closest(store, spellings[0])))
    return { ...nothing, near: [...new Set(words.flat())].slice(0, 5) }
  }
  const similar = await near
  const { scores, isWhole, papers: all } = ranked(head, forms, similar)
  const papers = all.filter(allows)
  const matches = asked.map(({ spellings }, i) => ({ spellings, stems: new Set(forms[i].keys()) })).filter(({ stems }) => stems.size > 0)
  const reading = { ...nothing, papers, scores, isWhole, corrected: putRight(text, corrections), matches, draft: similar === null }
  const phrases = parts.filter(part => part.isPhrase && groupsOf([part], 1).length > 0)
  if (phrases.length === 0) return reading
  const held = await holding(store, phrases, best(papers, scores, papers.length))
  return held.length > 0 ? { ...reading, papers: held } : { ...reading, corrected: (reading.corrected ?? text).replace(/["“”]/g, '') }
}

/**
 * The parts that are words, and whether a paper is within the bounds of the others.
 * @param {Store} store @param {Part[]} parts
 */
async function bounded(store, parts) {
  /** @type {Part[]} */
  const words = []
  /** @type {((paper: number) => boolean)[]} */
  const tests = []
  for (const part of parts) {
    const papers = part.name ? await bound(store, part) : null
    const known = part.name && !papers ? { ...part, text: part.source, isPhrase: false } : part
    if (!papers && !part.without) words.push(known)
    else {
      const found = papers ?? await havingAll(store, [known])
      tests.push(paper => found.has(paper) !== part.without)
    }
  }
  return { parts: words, allows: (/** @type {number} */ paper) => tests.every(test => test(paper)) }
}

/** The papers that have all words of these parts as they are spelled; none when there are no words. @param {Store} store @param {Part[]} parts */
async function havingAll(store, parts) {
  const { ranking } = await store.head()
  const [first = [], ...others] = await Promise.all(groupsOf(parts, ranking.groups).map(async ({ spellings }) => {
    const entries = await Promise.all(spellings.map(word => store.entry(stem(word))))
    return entries.flatMap(entry => entry?.fields ?? []).flatMap(({ papers }) => papers)
  }))
  const sets = others.map(papers => new Set(papers))
  return new Set(first.filter(paper => sets.every(papers => papers.has(paper))))
}

/**
 * Those of the best papers that have all phrases. Which words stand beside each other only their texts tell.
 * @param {Store} store @param {Part[]} phrases @param {number[]} papers the best first
 */
async function holding(store, phrases, papers) {
  const [{ ranking }, having] = await Promise.all([store.head(), havingAll(store, phrases)])
  const likely = papers.filter(paper => having.has(paper)).slice(0, ranking.checked)
  const held = await Promise.all(likely.map(async paper => {
    const [[, title, byline, , gist], texts] = await Promise.all([store.card(paper), store.texts(paper)])
    return phrases.every(({ text }) => holds(text, [title, byline, gist, ...texts]))
  }))
  return likely.filter((_, i) => held[i])
}

/** What the words may stand for, with as little effort as finds anything. @param {Store} store @param {Group[]} asked */
async function found(store, asked) {
  /** @type {{ forms: Forms[], corrections: Map<string, string> }} */
  let result = { forms: [], corrections: new Map() }
  for (let edits = 1; edits <= MOST_EDITS; edits++) {
    const corrections = new Map()
    const forms = await Promise.all(asked.map(group => formsOf(store, group, edits, corrections)))
    result = { forms, corrections }
    if (forms.some(group => group.size > 0)) break
  }
  return result
}

/**
 * A word scores by the best of its forms, a paper by the sum over words times the share of the words that it has. The share
 * counts less in long questions, of which no paper has every word. Then a paper gets some of what the nearest papers score, and
 * more where its title has what was asked as it was typed.
 * @param {import('./store.js').Head} head @param {Forms[]} forms @param {number[][] | null} similar @returns {Ranking}
 */
function ranked(head, forms, similar) {
  const { size, ranking } = head
  const known = forms.filter(group => group.size > 0)
  const [summed, best, scores] = Array.from({ length: 3 }, () => new Float64Array(size))
  const [matched, titled, last] = Array.from({ length: 3 }, () => new Uint8Array(size)) // of each paper, how many words; the last
  known.forEach((group, i) => {
    for (const [term, { factor, entry }] of group) {
      const { papers, values } = scoresOf(head, term, entry)
      papers.forEach((paper, at) => {
        if (last[paper] !== i + 1) {
          last[paper] = i + 1
          matched[paper]++
          best[paper] = 0
        }
        best[paper] = Math.max(best[paper], factor * values[at])
      })
    }
    for (let paper = 0; paper < size; paper++) if (last[paper] === i + 1) summed[paper] += best[paper]
    for (const paper of titles(group)) titled[paper]++
  })
  const alpha = known.length <= 4 ? 1 : 2 / known.length
  for (let paper = 0; paper < size; paper++) summed[paper] *= (matched[paper] / known.length) ** alpha
  const papers = []
  for (let paper = 0; paper < size; paper++) {
    if (matched[paper] === 0) continue
    let around = 0
    for (const other of similar?.[paper] ?? []) around += summed[other]
    const share = titled[paper] / forms.length
    scores[paper] = (summed[paper] + ranking.spread * around / ranking.nearest) * (1 + ranking.titled * share * share)
    papers.push(paper)
  }
  return { papers, scores, isWhole: paper => matched[paper] === forms.length }
}

/** The papers whose titles have the word as it was typed, or as it was meant. @param {Forms} forms */
function titles(forms) {
  /** @type {Set<number>} */
  const found = new Set()
  for (const { words, entry } of forms.values()) {
    const meant = entry.words.map(word => words.has(word))
    entry.titled.forEach((places, i) => { if (places.some(place => meant[place])) found.add(entry.fields[0].papers[i]) })
  }
  return found
}

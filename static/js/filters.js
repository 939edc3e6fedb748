// @ts-check
// filters: which papers have a tag, an author, a venue, a year or a link, and how many of them.
import { plainWords, yearsOf } from './query.js'
import { unfolded } from './store.js'

/**
 * @typedef {import('./store.js').Store} Store
 * @typedef {import('./query.js').Part} Part
 *
 * A value with a minus before it is left out. Of the others one is enough within a facet (of tags: within one facet of the
 * vocabulary), and each facet counts.
 * @typedef {object} Filters
 * @property {string | string[]} [tag] ids
 * @property {string | string[]} [author] slugs
 * @property {string | string[]} [venue] names
 * @property {string | string[]} [has] "code", "data", ..., "note"
 * @property {[number | null, number | null]} [year] from, to; null is open
 *
 * @typedef {{ tag: Record<string, number>, venue: Record<string, number>, has: Record<string, number>, year: Record<string, number>,
 *   author: { slug: string, name: string, count: number }[] | null }} Facets how many papers each value would give
 *
 * @typedef {'tag' | 'author' | 'venue' | 'has'} Listed
 * @typedef {{ facet: string, passes: (paper: number) => boolean }} Rule
 */

/** @type {Listed[]} */
const LISTED = ['tag', 'author', 'venue', 'has']
/** @type {Record<string, string>} */
const COLUMN = { tag: 'tags', venue: 'venues', has: 'has', year: 'years' }

/** The papers that have one of these values. @param {Store} store @param {string} name @param {string[]} values */
async function having(store, name, values) {
  if (name === 'author') {
    const lines = await Promise.all(values.map(slug => store.lines('authors', `${slug}\t`)))
    return new Set(lines.flat().flatMap(papersOf))
  }
  const column = await store.column(COLUMN[name])
  return new Set(values.flatMap(value => column.get(value) ?? []))
}

/** @param {string} line of an author */
const papersOf = line => unfolded(line.split('\t')[2].split(' ').map(Number))

/** An unknown year is within no bounds. @param {Store} store @param {[number | null, number | null]} bounds */
async function within(store, [from, to]) {
  const years = [...(await store.column('years')).keys()]
  return having(store, 'year', years.filter(year => Number(year) >= (from ?? -Infinity) && Number(year) <= (to ?? Infinity)))
}

/** @param {string | string[] | null | undefined} value */
const listed = value => [value ?? []].flat()

/** @param {Store} store @param {Filters} filters @returns {Promise<Rule[]>} */
async function rules(store, filters) {
  /** @type {Rule[]} */
  const found = []
  const facetOf = await facets(store, filters)
  for (const name of LISTED) {
    const values = listed(filters[name])
    const out = values.filter(value => value.startsWith('-')).map(value => value.slice(1))
    /** @type {Map<string, string[]>} */
    const groups = new Map()
    for (const value of values.filter(value => !value.startsWith('-'))) {
      const facet = facetOf(name, value)
      groups.set(facet, [...groups.get(facet) ?? [], value])
    }
    for (const [facet, group] of groups) {
      const papers = await having(store, name, group)
      found.push({ facet, passes: paper => papers.has(paper) })
    }
    if (out.length > 0) {
      const papers = await having(store, name, out)
      found.push({ facet: '', passes: paper => !papers.has(paper) })
    }
  }
  const [from, to] = filters.year ?? [null, null]
  if (from !== null || to !== null) {
    const papers = await within(store, [from, to])
    found.push({ facet: 'year', passes: paper => papers.has(paper) })
  }
  return found
}

/** Tells within what one value is enough. @param {Store} store @param {Filters} filters */
async function facets(store, filters) {
  if (listed(filters.tag).length === 0) return (/** @type {string} */ name) => name // no question needs the names of all tags
  const { tags } = await store.json('names.json')
  const ofTag = new Map(tags.map((/** @type {string[]} */ [id, , facet]) => [id, facet]))
  return (/** @type {string} */ name, /** @type {string} */ value) => name === 'tag' ? `tag ${ofTag.get(value)}` : name
}

/**
 * The papers that pass, and, where none does, how many would without one of the filters, and without the words ("q").
 * @param {Store} store @param {Filters} filters @param {number[]} papers that have the words
 */
export async function apply(store, filters, papers) {
  const active = await rules(store, filters)
  const found = passing(active, papers)
  /** @type {{ name: string, value: string, total: number }[]} */
  const instead = []
  if (found.length === 0 && active.length > 0) {
    for (const { name, value, rest } of without(filters)) {
      instead.push({ name, value, total: passing(await rules(store, rest), papers).length })
    }
    const { size } = await store.head()
    const all = papers.length < size ? Array.from({ length: size }, (_, paper) => paper) : []
    instead.push({ name: 'q', value: '', total: passing(active, all).length })
  }
  return { found, instead: instead.filter(({ total }) => total > 0) }
}

/** @param {Rule[]} rules @param {number[]} papers */
const passing = (rules, papers) => papers.filter(paper => rules.every(({ passes }) => passes(paper)))

/** The filters without each of their values. @param {Filters} filters */
function without(filters) {
  const found = LISTED.flatMap(name => listed(filters[name]).map(value =>
    ({ name: /** @type {string} */ (name), value, rest: { ...filters, [name]: listed(filters[name]).filter(other => other !== value) } })))
  const [from, to] = filters.year ?? [null, null]
  if (from === null && to === null) return found
  return [...found, { name: 'year', value: from === to ? `${from}` : `${from ?? ''}-${to ?? ''}`, rest: { ...filters, year: undefined } }]
}

/**
 * How many of these papers each value would give, were it chosen: those that pass what other facets ask.
 * @param {Store} store @param {Filters} filters @param {Iterable<number>} papers @param {boolean} people @returns {Promise<Facets>}
 */
export async function counts(store, filters, papers, people) {
  const [active, facetOf, { size }] = await Promise.all([rules(store, filters), facets(store, filters), store.head()])
  const asked = active.map(({ facet }) => facet)
  /** Of each paper 0: it passes; 1: it does not; otherwise it fails only the facet at this place, less two. */
  const state = new Uint8Array(size).fill(1)
  for (const paper of papers) {
    const failed = active.filter(({ passes }) => !passes(paper))
    if (failed.length === 0) state[paper] = 0
    else if (failed.length === 1 && failed[0].facet) state[paper] = 2 + asked.indexOf(failed[0].facet)
  }
  const count = (/** @type {string} */ facet, /** @type {number[]} */ found) => {
    const own = asked.indexOf(facet) + 2
    return found.reduce((total, paper) => total + +(state[paper] === 0 || (own > 1 && state[paper] === own)), 0)
  }
  const counted = async (/** @type {string} */ name) => {
    const column = await store.column(COLUMN[name])
    return Object.fromEntries([...column].map(([value, found]) => [value, count(facetOf(name, value), found)]).filter(([, total]) => total))
  }
  const [tag, venue, has, year] = await Promise.all(['tag', 'venue', 'has', 'year'].map(counted))
  const authors = people ? (await store.lines('authors', '')).map(line => {
    const [slug, name] = line.split('\t')
    return { slug, name, count: count('author', papersOf(line)) }
  }) : null
  return { tag, venue, has, year, author: authors && authors.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count) }
}

/**
 * The papers that a `name:value` of a question asks for; null when it names nothing.
 * @param {Store} store @param {Part} part @returns {Promise<Set<number> | null>}
 */
export async function bound(store, { name, text }) {
  if (name === 'year') {
    const years = yearsOf(text)
    return years && within(store, years)
  }
  const values = await valuesOf(store, /** @type {string} */ (name), plainWords(text))
  return values.length > 0 ? having(store, /** @type {string} */ (name), values) : null
}

/** The values whose names are these words; where there are none, those whose names go on from them. @param {Store} store @param {string} name @param {string[]} words @returns {Promise<string[]>} */
async function valuesOf(store, name, words) {
  if (words.length === 0) return []
  if (name === 'author') return people(store, words)
  const named = await names(store, name)
  const asked = words.join(' ')
  const same = named.filter(([, found]) => found === asked)
  return (same.length > 0 ? same : named.filter(([, found]) => found.startsWith(asked))).map(([value]) => value)
}

/** Values with their names in words. @param {Store} store @param {string} name @returns {Promise<[value: string, words: string][]>} */
async function names(store, name) {
  if (name !== 'tag') {
    return [...(await store.column(COLUMN[name])).keys()].map(value => [value, plainWords(value).join(' ')])
  }
  const { tags } = await store.json('names.json')
  return tags.flatMap((/** @type {any[]} */ [id, label, , , , synonyms]) =>
    [id, label, ...synonyms].map(text => [id, plainWords(text).join(' ')]))
}

/** The authors whose names have all the words; where there are none, words that begin so. @param {Store} store @param {string[]} words @returns {Promise<string[]>} */
async function people(store, words) {
  const { ranking } = await store.head()
  for (const end of ['\t', '']) {
    const found = await Promise.all(words.map(async word => (await store.lines('people', word + end)).map(line => line.split('\t')[1])))
    const [first, ...others] = found
    const all = [...new Set(first)].filter(slug => others.every(slugs => slugs.includes(slug)))
    if (all.length > 0) return all.slice(0, ranking.people)
  }
  return []
}

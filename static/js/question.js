// @ts-check
// question: what the search page is asked, read from its address and written to it. It touches no page.

/**
 * @typedef {[name: string, value: string]} Filter as the address has it; a value that begins with "-" is left out
 * @typedef {'relevance' | 'newest' | 'added' | 'title'} Order
 * @typedef {{ text: string, filters: Filter[], sort: Order | '' }} Question `sort`: empty for the usual order
 */

const NAMES = ['tag', 'author', 'venue', 'has']
/** @type {Order[]} */
const ORDERS = ['relevance', 'newest', 'added', 'title']
const YEARS = /^(?:(\d{4})|(\d{4})?-(\d{4})?)$/ // 2023, 2021-2023, 2021- or -2023

/** What an address asks, without what nobody can mean. @param {string} search from its "?" on @returns {Question} */
export function read(search) {
  const parameters = new URLSearchParams(search)
  const named = NAMES.flatMap(name => [...new Set(parameters.getAll(name))].filter(bare).map(value => [name, value]))
  const [from, to] = years(parameters.get('year') ?? '')
  return {
    text: parameters.get('q') ?? '',
    filters: /** @type {Filter[]} */ ([...named, ...inYears([], from, to)]),
    sort: ORDERS.find(order => order === parameters.get('sort')) ?? '',
  }
}

/** What stands in the address for a question. @param {Question} question */
export function written({ text, filters, sort }) {
  const parameters = new URLSearchParams([...text ? [['q', text]] : [], ...filters, ...sort ? [['sort', sort]] : []])
  return `?${parameters}`
}

/** The order in which papers come. @param {Question} question */
export const order = ({ text, sort }) => sort || (text.trim() ? 'relevance' : 'newest')

/** A value without the sign that leaves it out. @param {string} value */
export const bare = value => value.replace(/^-/, '')

/**
 * The filters with this value as `sign` says: "" includes it, "-" leaves it out, null forgets it.
 * @param {Filter[]} filters @param {string} name @param {string} value @param {'' | '-' | null} sign @returns {Filter[]}
 */
export const having = (filters, name, value, sign) =>
  [...without(filters, name, value), .../** @type {Filter[]} */ (sign === null ? [] : [[name, sign + value]])]

/** @param {Filter[]} filters @param {string} name @param {string} value */
export const without = (filters, name, value) => filters.filter(([n, v]) => n !== name || bare(v) !== bare(value))

/** The first and the last year, null where there is no such end. @param {string} text @returns {[number | null, number | null]} */
export function years(text) {
  const [, only, from, to] = (YEARS.exec(text) ?? []).map(year => year === undefined ? null : Number(year))
  return [only ?? from ?? null, only ?? to ?? null]
}

/** The filters with these years in place of others. @param {Filter[]} filters @param {number | null} from @param {number | null} to @returns {Filter[]} */
export function inYears(filters, from, to) {
  const others = filters.filter(([name]) => name !== 'year')
  if (from === null && to === null) return others
  return [...others, ['year', from === to ? String(from) : `${from ?? ''}-${to ?? ''}`]]
}

/** What the engine is asked to leave out and to keep. @param {Filter[]} filters @returns {import('./filters.js').Filters} */
export function forEngine(filters) {
  /** @type {Record<string, string[]>} */
  const values = {}
  for (const [name, value] of filters) (values[name] ??= []).push(value)
  const { year, ...others } = values
  return year ? { ...others, year: years(year[0]) } : others
}

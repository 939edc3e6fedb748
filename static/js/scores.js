// @ts-check
// scores: what lunr scores papers by for one term, from the term's postings alone.
import lunr from './lunr.js'

/**
 * @typedef {import('./store.js').Entry} Entry
 * @typedef {import('./store.js').Head} Head
 * @typedef {import('./store.js').FieldRow} FieldRow
 * @typedef {import('./store.js').FieldPostings} FieldPostings
 * @typedef {{ papers: number[], values: number[] }} Scores each paper once
 */

// lunr makes several objects for each paper; where there are more papers than this the same sums are taken without them.
const MOST = 300

/** @type {WeakMap<Entry, Scores>} */
const known = new WeakMap()

/**
 * The sum of a term's weights in the text, and that in the names besides.
 * @param {Head} head @param {string} term @param {Entry} entry @returns {Scores}
 */
export function scores(head, term, entry) {
  const { text, names } = head
  const found = known.get(entry) ?? summed([
    scored(head, term, text, entry.fields.slice(0, text.length)),
    scored(head, term, names, entry.fields.slice(text.length)),
  ])
  known.set(entry, found)
  return found
}

/** @param {Head} head @param {string} term @param {FieldRow[]} rows @param {FieldPostings[]} postings @returns {Scores} */
function scored(head, term, rows, postings) {
  const found = postings.reduce((sum, { papers }) => sum + papers.length, 0)
  const rarity = Math.log(1 + Math.abs((head.size - found + 0.5) / (found + 0.5)))
  const weighed = postings.map((field, i) => weights(head, rarity, rows[i], field))
  return found === 0 || found > MOST ? summed(weighed) : byLunr(term, rows, weighed)
}

/**
 * The numbers that an index of all papers would hold: BM25, rounded as lunr rounds it.
 * @param {Head} head @param {number} rarity @param {FieldRow} row @param {FieldPostings} postings @returns {Scores}
 */
function weights({ k1, b }, rarity, [, boost, average], { papers, times, lengths }) {
  const values = times.map((tf, i) =>
    Math.round(rarity * ((k1 + 1) * tf) / (k1 * (1 - b + b * (lengths[i] / average)) + tf) * boost * 1000) / 1000)
  return { papers, values }
}

/** A lunr index that holds this term alone, and what it answers. @param {string} term @param {FieldRow[]} rows @param {Scores[]} weighed @returns {Scores} */
function byLunr(term, rows, weighed) {
  const fields = rows.map(([name]) => name)
  /** @type {Record<string, any>} */
  const posting = { _index: 0 }
  /** @type {Record<string, any>} */
  const fieldVectors = {}
  fields.forEach((field, i) => {
    const { papers, values } = weighed[i]
    posting[field] = Object.fromEntries(papers.map(paper => [paper, {}]))
    papers.forEach((paper, at) => { fieldVectors[`${field}/${paper}`] = new lunr.Vector([0, values[at]]) })
  })
  const index = new lunr.Index({
    fields,
    fieldVectors,
    invertedIndex: { [term]: posting },
    tokenSet: lunr.TokenSet.fromArray([term]),
    pipeline: new lunr.Pipeline(),
  })
  /** @type {{ ref: string, score: number }[]} */
  const results = index.query((/** @type {any} */ query) => query.term(term, { usePipeline: false }))
  return { papers: results.map(({ ref }) => Number(ref)), values: results.map(({ score }) => score) }
}

/** @param {Scores[]} parts @returns {Scores} */
function summed(parts) {
  if (parts.length === 1) return parts[0]
  /** @type {Map<number, number>} */
  const sums = new Map()
  for (const { papers, values } of parts) papers.forEach((paper, i) => sums.set(paper, (sums.get(paper) ?? 0) + values[i]))
  return { papers: [...sums.keys()], values: [...sums.values()] }
}

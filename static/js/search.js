// @ts-check
/** The search page: asks the engine, shows its answer, keeps its question in the address. */

import { open } from './engine.js'

const root = new URL('../../', import.meta.url)
const PAGE = 20 // results shown at a time

/** @param {string} selector @param {ParentNode} within */
const find = (selector, within = document) => /** @type {HTMLElement} */ (within.querySelector(selector))
const box = /** @type {HTMLInputElement} */ (find('#q'))
const results = find('#results')
const status = find('#status')
const more = /** @type {HTMLButtonElement} */ (find('#more'))

const engine = open(root.href)
let limit = PAGE
let size = 0 // papers in all
let asked = 0
let typing = false // the first change of a question is a step to come back to, the next ones are not

/** The question that the address holds, and the parameters of it that are filters. */
function question() {
  const parameters = new URLSearchParams(location.search)
  /** @type {import('./engine.js').Filters} */
  const filters = {}
  /** @type {[string, string][]} */
  const applied = []
  for (const name of /** @type {const} */ (['tag', 'author', 'venue', 'has'])) {
    const values = [...new Set(parameters.getAll(name))].filter(Boolean)
    if (values.length === 0) continue
    filters[name] = values
    for (const value of values) applied.push([name, value])
  }
  const year = parameters.get('year') ?? '' // 2023, 2021-2023, 2021- or -2023
  const years = /^(?:(\d{4})|(\d{4})?-(\d{4})?)$/.exec(year)
  if (years && year !== '-') {
    const [, only, from, to] = years.map(text => text === undefined ? null : Number(text))
    filters.year = [only ?? from, only ?? to]
    applied.push(['year', year])
  }
  return { text: parameters.get('q') ?? '', filters, applied }
}

/** Asks and shows; an answer that comes after a later question is dropped. */
async function show() {
  const turn = ++asked
  const { text, filters, applied } = question()
  let answer
  try {
    size ||= (await engine.search('', { limit: 0 })).total
    answer = await engine.search(text, { limit, filters })
  } catch {
    status.textContent = 'The search could not be loaded. Check the connection and try again.'
    return
  }
  if (turn !== asked) return
  results.replaceChildren(...answer.results.map(({ id }) => card(id)))
  status.textContent = told(answer.total, text, applied.length > 0)
  const corrected = find('#corrected')
  corrected.hidden = answer.corrected === null
  find('strong', corrected).textContent = answer.corrected ?? ''
  find('#suggestions').hidden = answer.total > 0
  more.hidden = answer.total <= limit
  showFilters(applied)
}

/** What was found, in words. @param {number} total @param {string} text @param {boolean} filtered */
function told(total, text, filtered) {
  if (total === 0) return `No paper matches${text.trim() && ` “${text.trim()}”`}${filtered ? ' with these filters' : ''}.`
  if (!text.trim() && !filtered) return `All ${total.toLocaleString('en')} papers, newest first`
  return `${total.toLocaleString('en')} of ${size.toLocaleString('en')} papers`
}

/** @param {string} selector */
function clone(selector) {
  const template = /** @type {HTMLTemplateElement} */ (find(selector))
  return /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (template.content.firstElementChild).cloneNode(true))
}

/** @param {string} id */
function card(id) {
  const paper = /** @type {import('./engine.js').Paper} */ (engine.paper(id))
  const node = clone('#result')
  const link = /** @type {HTMLAnchorElement} */ (node.querySelector('a'))
  link.href = new URL(`papers/${id}/`, root).href
  link.textContent = paper.title
  const [byline, when] = node.querySelectorAll('bdi')
  byline.textContent = paper.byline
  when.textContent = paper.when
  const gist = find('.gist', node)
  gist.textContent = paper.gist
  gist.hidden = !paper.gist
  find('.chips', node).replaceChildren(...paper.hand.map(tag => chip(tag)), ...paper.suggested.map(suggestedChip))
  return node
}

const tags = /** @type {HTMLTemplateElement} */ (find('#tags')).content

/** A tag as a list item, as the page's own template has it. @param {string} tag */
const chip = tag => /** @type {HTMLElement} */ (find(`[data-tag="${tag}"]`, tags).cloneNode(true))

/** @param {string} tag @param {number} index */
function suggestedChip(tag, index) {
  const node = chip(tag)
  find('.chip', node).classList.add('suggested')
  find('small', node).hidden = index > 0
  return node
}

/**
 * A chip for each filter; each leads to the same question without it.
 * @param {[string, string][]} applied
 */
function showFilters(applied) {
  const chips = applied.map(([name, value]) => {
    const rest = new URLSearchParams([...new URLSearchParams(location.search)].filter(([n, v]) => n !== name || v !== value))
    const chip = /** @type {HTMLAnchorElement} */ (clone('#filter'))
    find('span', chip).textContent = `${name}: ${value}`
    chip.href = `?${rest}`
    return chip
  })
  find('#filters').replaceChildren(...chips)
}

/** Puts the words of the box into the address. */
function ask() {
  clearTimeout(waiting)
  if (box.value === question().text) return
  const parameters = new URLSearchParams(location.search)
  if (box.value) parameters.set('q', box.value)
  else parameters.delete('q')
  limit = PAGE
  history[typing ? 'replaceState' : 'pushState']({ limit }, '', `?${parameters}`)
  typing = true
  show()
}

/** Shows what the address, and the place in the history, ask for. */
function take() {
  box.value = question().text
  limit = history.state?.limit ?? PAGE
  typing = false
  show()
}

let waiting = 0
box.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(ask, 80)
})
box.form?.addEventListener('submit', event => {
  event.preventDefault()
  ask()
  typing = false
})
more.addEventListener('click', () => {
  limit += PAGE
  history.replaceState({ limit }, '') // so that coming back from a paper finds the same list
  show()
})
addEventListener('popstate', take)

find('#unscripted').remove()
take()

// @ts-check
/** The search page: asks the engine, shows its answer, keeps its question in the address. */

import { open } from './engine.js'

const root = new URL('../../', import.meta.url)
const PAGE = 20 // results shown at a time
const FILTERS = ['tag', 'author', 'venue']

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

/** The question that the address holds. */
function question() {
  const parameters = new URLSearchParams(location.search)
  /** @type {Record<string, unknown>} */
  const filters = {}
  for (const name of FILTERS) if (parameters.has(name)) filters[name] = parameters.getAll(name)
  const years = /^(\d{4})?(-)?(\d{4})?$/.exec(parameters.get('year') ?? '') // 2023, 2021-2023, 2021- or -2023
  if (years && (years[1] || years[3])) {
    const [, from, dash, to] = years
    filters.year = [from ? Number(from) : null, to ? Number(to) : dash ? null : Number(from)]
  }
  if (parameters.has('has')) filters.has = parameters.getAll('has')
  return { text: parameters.get('q') ?? '', filters }
}

/** Asks and shows; an answer that comes after a later question is dropped. */
async function show() {
  const turn = ++asked
  const { text, filters } = question()
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
  status.textContent = told(answer.total, text, Object.keys(filters).length > 0)
  const corrected = find('#corrected')
  corrected.hidden = answer.corrected === null
  find('strong', corrected).textContent = answer.corrected ?? ''
  find('#suggestions').hidden = answer.total > 0
  more.hidden = answer.total <= limit
  showFilters()
}

/** What was found, in words. @param {number} total @param {string} text @param {boolean} filtered */
function told(total, text, filtered) {
  if (total === 0) return text.trim() ? `No paper matches “${text.trim()}”.` : 'No paper matches.'
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
  return node
}

/** A chip for each filter that the address holds; each leads to the same question without it. */
function showFilters() {
  const parameters = new URLSearchParams(location.search)
  const chips = [...parameters].filter(([name]) => name !== 'q').map(([name, value]) => {
    const rest = new URLSearchParams([...parameters].filter(([n, v]) => n !== name || v !== value))
    const chip = /** @type {HTMLAnchorElement} */ (clone('#filter'))
    find('span', chip).textContent = `${name}: ${value}`
    chip.href = `?${rest}`
    return chip
  })
  find('#filters').replaceChildren(...chips)
}

/** Puts the words of the box into the address. */
function ask() {
  const parameters = new URLSearchParams(location.search)
  if (box.value) parameters.set('q', box.value)
  else parameters.delete('q')
  history.replaceState(null, '', `?${parameters}`)
  limit = PAGE
  show()
}

let waiting = 0
box.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(ask, 80)
})
box.form?.addEventListener('submit', event => {
  event.preventDefault()
  clearTimeout(waiting)
  ask()
})
more.addEventListener('click', () => {
  limit += PAGE
  show()
})
addEventListener('popstate', () => {
  box.value = question().text
  show()
})

find('#unscripted').remove()
box.value = question().text
show()

// @ts-check
/** The search page: asks, shows what is found, and keeps the question in the address. */

import { remote } from './asking.js'
import { travel } from './keys.js'
import { LOADING, PATIENCE, clone, failed, find, head, isOpen, named, suggested, teller, told, write } from './list.js'

const PAGE = 20 // results shown at a time
const root = new URL('../../', import.meta.url)
const box = /** @type {HTMLInputElement} */ (find('#q'))
const results = find('#results')
const tell = teller(find('#told'), find('#status'))
const more = find('#more')
const retry = find('#retry')
const search = remote(root.href)
const TITLE = document.title

let limit = PAGE
let typing = false // the first change of a question is a step to come back to, the next ones are not
let top = 0 // how far down a reader who comes back was
let shown = '' // the last question that something was found for

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

/** Asks and shows; what was shown stays until the answer is there. */
async function show() {
  const { text, filters, applied } = question()
  const slow = setTimeout(() => tell([LOADING]), PATIENCE)
  try {
    const answer = await search.answer(text, { limit, filters })
    if (answer) fill(answer, text, applied)
  } catch {
    tell([failed()])
    retry.hidden = false
  } finally {
    clearTimeout(slow)
  }
}

/** @param {import('./answers.js').Answer} answer @param {string} text @param {[string, string][]} applied */
function fill(answer, text, applied) {
  retry.hidden = true
  const isStale = answer.total === 0 && typing && isOpen(text) && results.childElementCount > 0
  results.classList.toggle('stale', isStale)
  find('#named').replaceChildren(...named(answer, root))
  if (isStale) return tell([`No paper matches “${text.trim()}” so far. Below: ${shown ? `“${shown}”` : 'all papers'}.`])
  shown = text.trim()
  results.replaceChildren(...answer.papers.map(card))
  tell(told(answer, text, applied.length > 0), suggested(answer))
  document.title = `${shown && `“${shown}” · `}${TITLE}`
  find('#suggestions').classList.remove('fallback')
  find('#suggestions').hidden = answer.total > 0
  more.hidden = answer.total <= limit
  find('#filters').replaceChildren(...applied.map(([name, value]) => filter(name, value, answer.names)))
  if (top) scrollTo(0, top)
  top = 0
}

/** @param {import('./answers.js').Answer['papers'][0]} paper */
function card(paper) {
  const node = clone('#result')
  head(node, paper, root)
  write(find('.gist', node), paper.gist)
  write(find('.excerpt', node), paper.excerpt)
  const marks = paper.has.filter(kind => kind !== 'note')
  find('.marks', node).hidden = marks.length === 0
  find('.marks', node).append(marks.join(', '))
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

/** Leads to the same question without it. @param {string} name @param {string} value @param {Record<string, Record<string, string>>} names */
function filter(name, value, names) {
  const rest = new URLSearchParams([...new URLSearchParams(location.search)].filter(([n, v]) => n !== name || v !== value))
  const chip = /** @type {HTMLAnchorElement} */ (clone('#filter'))
  find('span', chip).textContent = `${name}: ${names[name]?.[value] ?? value}`
  chip.href = `?${rest}`
  return chip
}

/** Puts the words of the box into the address. */
function ask() {
  if (box.value === question().text) return show()
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
  top = history.state?.top ?? 0
  typing = false
  show()
}

box.addEventListener('input', ask)
box.form?.addEventListener('submit', event => {
  event.preventDefault()
  typing = false
  ask()
  typing = false
})
more.addEventListener('click', () => {
  limit += PAGE
  history.replaceState({ limit }, '') // so that coming back from a paper finds the same list
  show()
})
addEventListener('pagehide', () => history.replaceState({ limit, top: scrollY }, ''))
retry.addEventListener('click', show)
addEventListener('online', show)
addEventListener('popstate', take)
travel(box, () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#named a, #results h3 a'))], () => {})

/** Whether the reader comes to ask, with a keyboard at hand; one who comes back is left where they were. */
function isFresh() {
  const [{ type }] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
  return type === 'navigate' && document.activeElement === document.body && matchMedia('(hover: hover)').matches
}

find('#unscripted').remove()
if (isFresh()) box.focus({ preventScroll: true })
if (box.value && box.value !== question().text) ask() // typed before this script was there
else take()

// @ts-check
/** The search page: asks, shows what is found, and keeps the question in the address. */

import { remote } from './asking.js'
import { travel } from './keys.js'
import { LOADING, clone, failed, find, head, isOpen, named, patiently, replace, suggested, teller, told, write } from './list.js'

const PAGE = 20 // results shown at a time
const root = new URL('../../', import.meta.url)
const box = /** @type {HTMLInputElement} */ (find('#q'))
const results = find('#results')
const tell = teller(find('#told'), find('#status'))
const more = find('#more')
const retry = find('#retry')
const search = remote(root.href)
const TITLE = document.title

let asked = '' // the words; the address follows
let limit = PAGE
let typing = false // the first change of a question is a step to come back to, the next ones are not
let shown = '' // the last question that something was found for
let from = 0 // the first of the results that "Show more" adds
let down = 0 // how far down a reader who comes back was

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
  const { filters, applied } = question()
  const text = asked
  let answer = null
  try {
    answer = await patiently(search.answer(text, { limit, filters }), () => tell([LOADING]))
  } catch {
    tell([failed()])
    retry.hidden = false
  }
  if (answer) fill(answer, text, applied)
}

/** @param {import('./answers.js').Answer} answer @param {string} text @param {[string, string][]} applied */
function fill(answer, text, applied) {
  const isStale = answer.total === 0 && typing && isOpen(text) && results.childElementCount > 0
  if (document.activeElement === retry) box.focus()
  retry.hidden = true
  more.hidden = answer.total <= limit
  results.classList.toggle('stale', isStale)
  replace(find('#named'), named(answer, root), box)
  find('#filters').replaceChildren(...applied.map(([name, value]) => filter(name, value, answer.names)))
  if (isStale) return tell([`No paper matches “${text.trim()}” so far. Below: ${shown ? `“${shown}”` : 'what was found before'}.`])
  shown = text.trim()
  if (from) add(answer)
  else replace(results, answer.papers.map(card), box)
  tell([...told(answer, text, applied.length > 0), from ? `, ${results.childElementCount} of them shown` : ''], suggested(answer))
  document.title = `${shown && `“${shown}” · `}${TITLE}`
  find('#suggestions').classList.remove('fallback')
  find('#suggestions').hidden = answer.total > 0
  if (down) scrollTo(0, down)
  from = down = 0
}

/** The results that come after those that are shown; the first of them gets the focus. @param {import('./answers.js').Answer} answer */
function add(answer) {
  results.append(...answer.papers.slice(from).map(card))
  results.children[from]?.querySelector('a')?.focus()
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
  find('.chips', node).replaceChildren(...paper.hand.flatMap(chip), ...paper.suggested.flatMap(chip).map(lent))
  return node
}

const tags = /** @type {HTMLTemplateElement} */ (find('#tags')).content

/** A tag as a list item, as the page's own template has it; none when the page is older than the tag. @param {string} tag */
const chip = tag => [.../** @type {NodeListOf<HTMLElement>} */ (tags.querySelectorAll(`[data-tag="${tag}"]`))]
  .map(node => /** @type {HTMLElement} */ (node.cloneNode(true)))

/** @param {HTMLElement} node @param {number} index */
function lent(node, index) {
  find('.chip', node).classList.add('suggested')
  find('small', node).hidden = index > 0
  return node
}

/** Leads to the same question without it. @param {string} name @param {string} value @param {Record<string, Record<string, string>>} names */
function filter(name, value, names) {
  const rest = new URLSearchParams([...new URLSearchParams(location.search)].filter(([n, v]) => n !== name || v !== value))
  if (asked) rest.set('q', asked)
  const link = /** @type {HTMLAnchorElement} */ (clone('#filter'))
  find('span', link).textContent = `${name}: ${names[name]?.[value] ?? value}`
  link.href = `?${rest}`
  return link
}

/** Asks for the words of the box. */
function ask() {
  if (box.value === asked) return show()
  asked = box.value
  limit = PAGE
  from = down = 0
  clearTimeout(later)
  if (typing) later = setTimeout(keep, SETTLED)
  else keep('pushState')
  typing = true
  show()
}

let later = 0
const SETTLED = 250 // milliseconds: browsers limit how often the address may change

/** Puts the words into the address. @param {'pushState' | 'replaceState'} how */
function keep(how = 'replaceState') {
  clearTimeout(later)
  const parameters = new URLSearchParams(location.search)
  if (asked) parameters.set('q', asked)
  else parameters.delete('q')
  const address = parameters.size > 0 ? `?${parameters}` : location.pathname
  try {
    history[how]({ limit, down: scrollY }, '', address)
  } catch {} // over the limit; the next change is kept
}

/** Shows what the address, and the place in the history, ask for. */
function take() {
  clearTimeout(later)
  asked = box.value = question().text
  limit = history.state?.limit ?? PAGE
  down = history.state?.down ?? 0
  from = 0
  typing = false
  show()
}

box.addEventListener('input', ask)
box.form?.addEventListener('submit', event => {
  event.preventDefault()
  typing = false
  ask()
  keep()
  typing = false
  if (!matchMedia('(hover: hover)').matches) box.blur() // puts the keyboard on the screen away
})
more.addEventListener('click', () => {
  from = results.childElementCount
  limit += PAGE
  keep() // so that coming back from a paper finds the same list
  show()
})
addEventListener('pagehide', () => keep())
retry.addEventListener('click', show)
addEventListener('online', show)
addEventListener('popstate', event => event.state === null && location.hash ? undefined : take()) // a step to an anchor is no question
travel(
  box,
  () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#named a, #results h3 a'))],
  event => event.preventDefault(), // the browser's own Escape would empty the box
)

/** Whether the reader comes to ask, with a keyboard at hand; one who comes back is left where they were. */
function isFresh() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
  return entry?.type === 'navigate' && document.activeElement === document.body && matchMedia('(hover: hover)').matches
}

find('#unscripted').remove()
if (isFresh()) box.focus({ preventScroll: true })
if (box.value && box.value !== question().text) ask() // typed before this script was there
else take()

// @ts-check
/** The search page: asks, shows what is found, and keeps the question in the address. */

import { remote } from './asking.js'
import { cards } from './cards.js'
import { facets } from './facets.js'
import { travel } from './keys.js'
import { LOADING, failed, find, inWords, isOpen, named, patiently, replace, suggested, teller, told } from './list.js'
import { forEngine, having, inYears, order, read, without, written } from './question.js'
import { addressOf, copyAddress, filtering, follow, way } from './ways.js'

/** @typedef {import('./answers.js').Answer} Answer @typedef {import('./question.js').Question} Question */

const PAGE = 20 // results shown at a time
const SLICE = 6 // of them made in one step: what a window shows
const BUSY = 4 // milliseconds of work before the page is painted
const PAUSE = 150 // milliseconds without a key before what is below the window, and the counts, follow the words
const SETTLED = 250 // milliseconds: browsers limit how often the address may change
const root = new URL('../../', import.meta.url)
const box = /** @type {HTMLInputElement} */ (find('#q'))
const results = find('#results')
const chips = find('#filters')
const sort = /** @type {HTMLSelectElement} */ (find('#sort'))
const panel = find('#filter_panel')
const opener = find('#filter_switch')
const copy = find('#copy_link')
const tell = teller(find('#told'), find('#status'))
const more = find('#more')
const retry = find('#retry')
const onMap = /** @type {HTMLAnchorElement | null} */ (document.querySelector('#on_map'))
const isWide = matchMedia('(min-width: 1000px)')
const search = remote(root.href)
const TITLE = document.title

let question = read(location.search) // the address follows
let limit = PAGE
let typing = false // the first change of a question is a step to come back to, the next ones are not
let shown = '' // the last question that something was found for
let from = 0 // the first of the results that "Show more" adds
let down = 0 // how far down a reader who comes back was
let turn = 0 // of asking
let later = 0
/** @type {Record<string, string>} */
const authors = {} // names by slug, as far as they are known

const narrowing = facets(
  panel,
  (name, value, sign) => narrow(having(question.filters, name, value, sign)),
  ([from, to]) => narrow(inYears(question.filters, from, to)),
  () => show(),
)
const card = cards(root, narrowing.known)
const inUse = filtering(narrowing.known, authors)

// ------------------------------------------------------------------ asking

/** Asks and shows; what was shown stays until the answer is there. On a cold start a draft comes first. */
async function show() {
  const mine = ++turn
  const asked = question
  const options = { limit, filters: forEngine(asked.filters), sort: order(asked), facets: true, people: narrowing.people() }
  try {
    const first = await patiently(search.answer(asked.text, { ...options, hasty: true }), () => tell([LOADING]))
    if (first) fill(first, asked, mine)
    if (!first?.draft || mine !== turn) return
    const whole = await search.answer(asked.text, options)
    if (whole) fill(whole, asked, mine)
  } catch {
    tell([failed()])
    retry.hidden = false
  }
}

/** @param {Answer} answer @param {Question} asked @param {number} mine the turn it was asked in */
function fill(answer, asked, mine) {
  const isStale = answer.total === 0 && typing && isOpen(asked.text) && results.childElementCount > 0
  if (document.activeElement === retry) box.focus()
  retry.hidden = true
  more.hidden = answer.total <= limit
  results.classList.toggle('stale', isStale)
  Object.assign(authors, answer.names.author)
  showChips()
  find('#filter_done').textContent = answer.total === 1 ? 'Show the paper' : `Show the ${inWords(answer.total)} papers`
  const steps = [() => replace(find('#named'), named(answer, root), box), ...answer.facets ? narrowing.counting(answer.facets) : []]
  const text = asked.text.trim()
  if (isStale) {
    tell([`No paper matches “${text}” so far. Below: ${shown ? `“${shown}”` : 'what was found before'}.`])
    return steps.forEach(step => step())
  }
  shown = text
  document.title = `${text && `“${text}” · `}${TITLE}`
  find('#suggestions').classList.remove('fallback')
  find('#suggestions').hidden = answer.total > 0 || asked.filters.length > 0
  replace(find('#ways'), ways(answer), box)
  const words = told(answer, asked.text, asked.filters.length > 0, order(asked))
  tell([...words, from ? `, ${Math.min(limit, answer.total)} of them shown` : ''], answer.draft ? null : suggested(answer))
  const [first, ...others] = put(answer, mine === turn && !answer.draft)
  first()
  inSteps([...steps, ...others], typing && !answer.draft ? PAUSE : 0)
}

let running = 0

/**
 * A slow device paints after each step, so that no key waits. None of an answer that has a newer one.
 * @param {(() => void)[]} steps @param {number} pause milliseconds before the first
 */
async function inSteps(steps, pause) {
  const mine = ++running
  await painted()
  if (pause) await new Promise(resolve => setTimeout(resolve, pause))
  let start = performance.now()
  for (const step of steps) {
    if (mine !== running) return
    step()
    if (performance.now() - start < BUSY) continue
    await painted()
    start = performance.now()
  }
}

const painted = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))

/**
 * The steps that put the results into the list, each in the place of what was found before.
 * @param {Answer} answer @param {boolean} isLast whether the reader's place is taken up again
 */
function put({ papers, draft }, isLast) {
  const [added, back] = isLast ? [from, down] : [0, 0]
  if (isLast) from = down = 0
  const held = results.contains(document.activeElement) ? /** @type {HTMLAnchorElement} */ (document.activeElement).href : null
  const size = back ? Infinity : SLICE // there is nothing to scroll to before all are there
  const start = Math.min(added, results.childElementCount)
  const slices = Math.max(1, Math.ceil((papers.length - start) / size))
  return Array.from({ length: slices }, (_, i) => () => {
    const at = i > 0 ? start + i * size : start
    papers.slice(at, at + size).forEach((paper, i) => set(at + i, card(paper)))
    if (added && added >= at && added < at + size) results.children[added]?.querySelector('a')?.focus()
    while (i === 0 && !draft && results.children.length > papers.length) results.lastElementChild?.remove()
    if (i < slices - 1) return
    if (held !== null && !added) keepFocus(held)
    if (back) scrollTo(0, back)
  })
}

/** @param {number} at @param {HTMLElement} node */
function set(at, node) {
  if (results.children[at]) results.children[at].replaceWith(node)
  else results.append(node)
}

/** The focus goes back to the link that had it, or to the box. @param {string} href */
function keepFocus(href) {
  if (document.activeElement !== document.body) return
  ([...results.querySelectorAll('a')].find(link => link.href === href) ?? box).focus()
}

// ------------------------------------------------------------------ filters in use

/** Shows which filters are in use. */
function mark() {
  const { length } = question.filters
  narrowing.mark(question.filters)
  opener.textContent = length > 0 ? `Filter · ${length}` : 'Filter'
  showChips()
}

/** The filters in use and the order, each filter with the way to the same question without it. */
function showChips() {
  inUse.show(chips, question, box)
  if (onMap) onMap.href = new URL(`map/${written(question)}`, root).href
  sort.value = order(question)
  sort.options[0].disabled = !question.text.trim() // there is nothing to be near to
}

/** Where nothing is found: the filters without which something would be, and the nearest words. @param {Answer} answer */
const ways = ({ instead, near }) => [
  ...instead.map(({ name, value, total }) => way(
    '#way',
    `Drop “${name === 'q' ? question.text.trim() : inUse.inWordsOf(name, value)}”: ${inWords(total)} ${total === 1 ? 'paper' : 'papers'}`,
    name === 'q' ? { ...question, text: '' } : { ...question, filters: without(question.filters, name, value) },
  )),
  ...near.map(word => way('#way', `Search for “${word}”`, { ...question, text: word })),
]

/** Asks the same with other filters. @param {import('./question.js').Filter[]} filters */
const narrow = filters => go({ ...question, filters })

/** Asks something else, as a step to come back from; on a desk what is found stands beside the filters. @param {Question} to */
function go(to) {
  keep()
  question = to
  begin()
  typing = false
  box.value = to.text
  keep('pushState')
  mark()
  if (isWide.matches && results.getBoundingClientRect().top < 0) scrollTo(0, 0)
  show()
}

// ------------------------------------------------------------------ the address

/** What another question begins with. */
function begin() {
  limit = PAGE
  from = down = 0
  copy.textContent = 'Copy link'
}

/** Asks for the words of the box. */
function ask() {
  if (box.value === question.text) return show()
  question = { ...question, text: box.value }
  begin()
  clearTimeout(later)
  if (typing) later = setTimeout(keep, SETTLED)
  else keep('pushState')
  typing = true
  show()
}

/** Puts the question into the address. @param {'pushState' | 'replaceState'} how */
function keep(how = 'replaceState') {
  clearTimeout(later)
  try {
    history[how]({ limit, down: how === 'pushState' ? 0 : scrollY }, '', addressOf(question))
  } catch {} // over the limit; the next change is kept
}

/** Shows what the address, and the place in the history, ask for. */
function take() {
  clearTimeout(later)
  question = read(location.search)
  box.value = question.text
  limit = history.state?.limit ?? PAGE
  down = history.state?.down ?? 0
  from = 0
  typing = false
  mark()
  show()
}

async function copyLink() {
  keep()
  const copied = await copyAddress(copy)
  tell([...find('#told').childNodes], copied ? 'Copied' : 'The address is selected: copy it from here.')
}

// ------------------------------------------------------------------ what the reader does

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
  from = limit
  limit += PAGE
  keep() // so that coming back from a paper finds the same list
  show()
})
follow(chips, go)
follow(find('#ways'), go)
sort.addEventListener('change', () => {
  const chosen = /** @type {import('./question.js').Order} */ (sort.value)
  go({ ...question, sort: chosen === order({ ...question, sort: '' }) ? '' : chosen })
})
copy.addEventListener('click', copyLink)
find('#to_results').addEventListener('click', toResults)
opener.addEventListener('click', () => unfold(!isUnfolded()))
find('#filter_done').addEventListener('click', () => {
  unfold(false)
  toResults()
  results.scrollIntoView()
})
panel.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || event.defaultPrevented || isWide.matches) return
  unfold(false)
  opener.focus()
})
addEventListener('pagehide', () => keep())
retry.addEventListener('click', show)
addEventListener('online', show)
addEventListener('popstate', event => event.state === null && location.hash ? undefined : take()) // a step to an anchor is no question
travel(
  box,
  () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#named a, #ways a, #results h3 a'))],
  event => event.preventDefault(), // the browser's own Escape would empty the box
)

function toResults() {
  (results.querySelector('a') ?? box).focus()
}

const isUnfolded = () => panel.classList.contains('unfolded')

/** On a phone the filters are there when they are asked for, on a desk always. @param {boolean} isOpen */
function unfold(isOpen) {
  panel.classList.toggle('unfolded', isOpen)
  opener.setAttribute('aria-expanded', String(isOpen))
}

/** Whether the reader comes to ask, with a keyboard at hand; one who comes back is left where they were. */
function isFresh() {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'))
  return entry?.type === 'navigate' && document.activeElement === document.body && matchMedia('(hover: hover)').matches
}

find('#unscripted').remove()
if (isFresh()) box.focus({ preventScroll: true })
mark()
if (!isWide.matches) narrowing.fold()
if (box.value && box.value !== question.text) ask() // typed before this script was there
else take()

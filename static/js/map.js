// @ts-check
/** The map: asks as the search page does, shows what is found where it stands, and lists what is in view. */

import { remote } from './asking.js'
import { beside } from './beside.js'
import { dots } from './dots.js'
import { facets } from './facets.js'
import { failed, find, inWords, teller, told } from './list.js'
import { lasso } from './lasso.js'
import { pointing } from './pointing.js'
import { forEngine, having, inYears, order, read, written } from './question.js'
import { sight } from './sight.js'
import { addressOf, copyAddress, filtering, follow } from './ways.js'

/** @typedef {import('./dots.js').Dot} Dot */
/** @typedef {import('./question.js').Question} Question */

const root = new URL('../../', import.meta.url)
const svg = /** @type {SVGSVGElement} */ (document.querySelector('#map'))
const box = /** @type {HTMLInputElement} */ (find('#q'))
const chips = find('#filters')
const panel = find('#filter_panel')
const opener = find('#filter_switch')
const drawer = find('#lasso')
const copy = find('#copy_link')
const asList = /** @type {HTMLAnchorElement} */ (find('#as_list'))
const tell = teller(find('#told'), find('#status'))
const search = remote(root.href)
const papers = dots(svg)
const SETTLED = 250 // milliseconds: browsers limit how often the address may change

let question = read(location.search)
let typing = false
let later = 0
let turn = 0
let isAsked = false // all papers need no question, until the counts of one are to be taken back
/** @type {number[] | null} */
let ranked = null // those that are found, in their order
/** @type {Set<number>} */
let chosen = new Set() // by the lasso, or one by one
/** @type {Record<string, string>} */
const authors = {}

const narrowing = facets(
  panel,
  (name, value, sign) => go({ ...question, filters: having(question.filters, name, value, sign) }),
  ([from, to]) => go({ ...question, filters: inYears(question.filters, from, to) }),
  () => show(true),
)
const inUse = filtering(narrowing.known, authors)
const map = sight(svg, () => {
  papers.keepSize(map.view().zoom)
  list.later()
})
const list = beside(root, papers, map, narrowing.known)
const hand = pointing(svg, papers, map, list, { toggle, choose: at => choose(toggled(at)), escape })
lasso(svg, map.at, holds => choose(new Set([...papers.all.values()].filter(dot => papers.isFound(dot) && holds(dot)).map(({ at }) => at))))

// ------------------------------------------------------------------ asking

/** @param {boolean} [isCounted] the facets are to be counted, whatever is asked */
async function show(isCounted = false) {
  const mine = ++turn
  const { text, filters } = question
  mark()
  if (!text.trim() && filters.length === 0 && !isAsked && !isCounted) return fill(null)
  isAsked = true
  try {
    const options = { limit: 0, all: true, filters: forEngine(filters), sort: order(question), facets: true, people: narrowing.people() }
    const answer = await search.answer(text, options)
    if (!answer || mine !== turn) return
    Object.assign(authors, answer.names.author)
    mark()
    if (answer.facets) narrowing.counting(answer.facets).forEach(step => step())
    fill(answer)
  } catch {
    tell([failed()])
  }
}

/** @param {import('./answers.js').Answer | null} answer */
function fill(answer) {
  const isAll = !answer || answer.total === answer.size
  ranked = answer && answer.all
  papers.show(isAll ? null : new Set(ranked))
  const isWorded = question.text.trim() !== ''
  list.show(isWorded ? ranked : null, chosen)
  find('#told').hidden = isAll && !answer?.corrected
  tell(isAll && !answer?.corrected ? [`All ${inWords(papers.all.size)} papers`] : told(answer, question.text, question.filters.length > 0))
}

/** Shows which filters are in use. */
function mark() {
  narrowing.mark(question.filters)
  const { length } = question.filters
  opener.textContent = length > 0 ? `Filter · ${length}` : 'Filter'
  inUse.show(chips, question, box)
  asList.href = new URL(`search/${written(question)}`, root).href
  for (const name of svg.querySelectorAll('[data-tag]')) {
    const isUsed = question.filters.some(([n, value]) => n === 'tag' && value === name.getAttribute('data-tag'))
    name.classList.toggle('in-use', isUsed)
  }
}

/** Asks something else, as a step to come back from. @param {Question} to */
function go(to) {
  keep()
  question = to
  typing = false
  box.value = to.text
  keep('pushState')
  show()
}

/** Asks for a tag too, or no longer. @param {string} tag */
function toggle(tag) {
  const isUsed = question.filters.some(([name, value]) => name === 'tag' && value === tag)
  go({ ...question, filters: having(question.filters, 'tag', tag, isUsed ? null : '') })
}

/** The selection with a paper, or without it. @param {number} at */
const toggled = at => new Set(chosen.has(at) ? [...chosen].filter(other => other !== at) : [...chosen, at])

/** Makes a selection, shows and keeps it. @param {Set<number>} set */
function choose(set) {
  select(set)
  draws(false)
  list.show(question.text.trim() ? ranked : null, set)
  return keep('pushState')
}

/** @param {Set<number>} set */
function select(set) {
  chosen = set
  papers.choose(set)
  find('#unselect').hidden = set.size === 0
}

// ------------------------------------------------------------------ the address

/** Puts the question, the selection and the view into the address and the history. @param {'pushState' | 'replaceState'} how */
async function keep(how = 'replaceState') {
  clearTimeout(later)
  const ids = chosen.size > 0 ? `#ids=${(await list.ids(chosen)).join(',')}` : ''
  try {
    history[how]({ view: map.view() }, '', addressOf(question) + ids)
  } catch {} // over the limit; the next change is kept
}

/** Shows what the address, and the place in the history, ask for. */
async function take() {
  question = read(location.search)
  box.value = question.text
  typing = false
  if (history.state?.view) map.show(history.state.view)
  const ids = location.hash.startsWith('#ids=') ? location.hash.slice(5).split(',') : []
  select(await list.ordinals(ids))
  show()
}

// ------------------------------------------------------------------ what the reader does

/** Puts away what is open, the newest first: the card, the drawing of a line, the focus on the map. */
function escape() {
  if (svg.classList.contains('drawing')) draws(false)
  else if (!find('#card').hidden) hand.point(null)
  else find('#in_view').focus()
}

/** Whether dragging draws a line around papers. @param {boolean} isOn */
function draws(isOn) {
  svg.classList.toggle('drawing', isOn)
  drawer.ariaPressed = String(isOn)
}

/** @param {boolean} isOpen */
function unfold(isOpen) {
  panel.classList.toggle('unfolded', isOpen)
  opener.ariaExpanded = String(isOpen)
}

/** Asks for the words of the box. */
function ask() {
  if (box.value === question.text) return show()
  question = { ...question, text: box.value }
  clearTimeout(later)
  if (typing) later = setTimeout(keep, SETTLED)
  else keep('pushState')
  typing = true
  copy.textContent = 'Copy link'
  show()
}

box.addEventListener('input', ask)
box.form?.addEventListener('submit', event => {
  event.preventDefault()
  ask()
  keep()
  typing = false
})
follow(chips, go)
opener.addEventListener('click', () => unfold(!panel.classList.contains('unfolded')))
find('#filter_done').addEventListener('click', () => {
  unfold(false)
  opener.focus()
})
drawer.addEventListener('click', () => draws(drawer.ariaPressed !== 'true'))
find('#unselect').addEventListener('click', () => choose(new Set()))
find('#larger').addEventListener('click', map.larger)
find('#smaller').addEventListener('click', map.smaller)
find('#whole').addEventListener('click', map.whole)
copy.addEventListener('click', () => keep().then(() => copyAddress(copy)))
addEventListener('keydown', event => event.key === 'Escape' && svg.classList.contains('drawing') && draws(false))
addEventListener('pagehide', () => keep())
addEventListener('popstate', take)

narrowing.fold()
take()

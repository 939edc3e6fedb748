// @ts-check
/** What is found while words are typed into the head of a page: tags, chapters, authors and the first papers, in a panel below. */

import { remote } from './asking.js'
import { travel } from './keys.js'
import { LOADING, clone, failed, find, head, isOpen, named, patiently, replace, suggested, teller, told, write } from './list.js'

const MOST = 6 // papers
const root = new URL('../../', import.meta.url)
const area = find('.search')
const box = /** @type {HTMLInputElement} */ (find('#q'))
const panel = find('#search_panel')
const onward = /** @type {HTMLAnchorElement} */ (find('.onward a', panel))
const tell = teller(find('.told', panel), find('#search_told'))
const search = remote(root.href) // fetches nothing before it is asked

let asked = '' // what the panel answers; empty when it is closed
let shown = '' // the last question that something was found for

async function show() {
  asked = box.value
  if (!asked.trim()) return close()
  const text = asked
  try {
    const first = await patiently(search.answer(text, { limit: MOST, hasty: true }), () => asked && say([LOADING]))
    if (first && asked) fill(first, text)
    const whole = first?.draft && asked === text ? await search.answer(text, { limit: MOST }) : null
    if (whole && asked) fill(whole, text)
  } catch {
    if (asked) say([failed()])
  }
}

/** @param {import('./answers.js').Answer} answer @param {string} text */
function fill(answer, text) {
  const { total, tags, pages, authors } = answer
  const isNothing = total + tags.length + pages.length + authors.length === 0
  if (isNothing && answer.draft) return
  if (isNothing && shown && isOpen(text)) return say([`Nothing has “${text.trim()}” so far. Found for “${shown}”:`])
  shown = isNothing ? '' : text.trim()
  if (!answer.draft) replace(find('.named', panel), named(answer, root), box)
  replace(find('.finds', panel), answer.papers.map(row), box)
  onward.href = new URL(`search/?q=${encodeURIComponent(text)}`, root).href
  onward.textContent = total > MOST ? `All ${total.toLocaleString('en')} results, the best first` : 'Open these results as a page'
  find('.onward', panel).hidden = total === 0
  panel.scrollTop = 0
  say(told(answer, text), suggested(answer))
}

/** @param {import('./answers.js').Answer['papers'][0]} paper */
function row(paper) {
  const node = clone('#find_row')
  head(node, paper, root)
  write(find('.excerpt', node), paper.excerpt ?? paper.gist)
  return node
}

/** @param {(string | Node)[]} words @param {string} [also] */
function say(words, also) {
  panel.hidden = false
  tell(words, also)
}

function close() {
  asked = shown = ''
  panel.hidden = true
  tell([])
}

/** So that coming back finds the words again. Browsers limit how often that may be said. */
function keep() {
  try {
    history.replaceState({ ...history.state, asked: box.value }, '')
  } catch {}
}

const links = () => [...panel.querySelectorAll('a')].filter(link => link.getClientRects().length > 0)

box.addEventListener('input', () => {
  show()
  keep()
})
box.addEventListener('focus', () => search.answer('', { limit: 0 }).catch(() => {}), { once: true }) // loads what any question needs
box.addEventListener('click', () => asked || show())
box.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown' && !event.shiftKey && panel.hidden) show()
})
travel(box, links, event => {
  if (panel.hidden) return
  event.preventDefault() // the browser's own Escape would empty the box
  close()
})
document.addEventListener('pointerdown', event => area.contains(/** @type {Node} */ (event.target)) || close())
area.addEventListener('focusout', event => {
  const to = /** @type {Node | null} */ (event.relatedTarget)
  if (to && !area.contains(to)) close()
})
addEventListener('online', () => asked && show())

if (!box.value && typeof history.state?.asked === 'string') box.value = history.state.asked
else if (document.activeElement === box && box.value) show() // typed before this script was there

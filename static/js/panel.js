// @ts-check
/** What is found while words are typed into the head of a page: tags, authors and the first papers, in a panel below. */

import { remote } from './asking.js'
import { travel } from './keys.js'
import { LOADING, PATIENCE, clone, failed, find, head, isOpen, named, suggested, teller, told, write } from './list.js'

const MOST = 6 // papers
const root = new URL('../../', import.meta.url)
const area = find('.search')
const box = /** @type {HTMLInputElement} */ (find('#q'))
const panel = find('#search_panel')
const tell = teller(find('.told', panel), find('#search_told'))
const whole = /** @type {HTMLAnchorElement} */ (find('.whole a', panel))
const search = remote(root.href) // fetches nothing before it is asked

let asked = '' // what the panel answers; empty when it is closed
let shown = '' // the last question that something was found for

async function show() {
  asked = box.value
  if (!asked.trim()) return close()
  const text = asked
  const slow = setTimeout(() => say([LOADING]), PATIENCE)
  try {
    const answer = await search.answer(text, { limit: MOST })
    if (answer && asked) fill(answer, text)
  } catch {
    if (asked) say([failed()])
  } finally {
    clearTimeout(slow)
  }
}

/** @param {import('./answers.js').Answer} answer @param {string} text */
function fill(answer, text) {
  const isNothing = answer.total + answer.tags.length + answer.authors.length === 0
  if (isNothing && shown && isOpen(text)) return say([`Nothing has “${text.trim()}” so far. Found for “${shown}”:`])
  shown = isNothing ? '' : text.trim()
  find('.named', panel).replaceChildren(...named(answer, root))
  find('.finds', panel).replaceChildren(...answer.papers.map(row))
  whole.href = new URL(`search/?q=${encodeURIComponent(text)}`, root).href
  whole.textContent = answer.total > MOST ? `All ${answer.total.toLocaleString('en')} results, the best first` : 'Open these results as a page'
  find('.whole', panel).hidden = answer.total === 0
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

const links = () => panel.hidden ? [] : [...panel.querySelectorAll('a')].filter(link => link.checkVisibility())

box.addEventListener('input', () => {
  history.replaceState({ ...history.state, asked: box.value }, '') // so that coming back finds the words again
  show()
})
box.addEventListener('focus', () => asked || show())
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
if (document.activeElement === box && box.value) show() // typed before this script was there

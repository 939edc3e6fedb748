// @ts-check
// beside: what the map says in words: a paper's card where it is pointed at, and the list of those in view or selected.
import { cards } from './cards.js'
import { clone, find, head, inWords } from './list.js'
import { open } from './store.js'

/** @typedef {import('./dots.js').Dot} Dot */
/** @typedef {import('./answers.js').Found} Found */

const PAGE = 20 // papers of the list shown at a time
const CALM = 120 // milliseconds without a move before the list follows
const BAND = 60 // units of the drawing: papers within it are read from left to right
const ROOM = 320 // pixels that a card is wide

/**
 * @param {URL} root of the site
 * @param {ReturnType<typeof import('./dots.js').dots>} papers
 * @param {ReturnType<typeof import('./sight.js').sight>} map
 * @param {import('./cards.js').Known} known
 */
export function beside(root, papers, map, known) {
  const store = open(root.href)
  const card = cards(root, known)
  const heading = find('#in_view')
  const rows = find('#spots')
  const more = find('#more')
  const place = find('#card')
  let limit = PAGE
  let waiting = 0
  let turn = 0
  /** @type {Dot | null} */
  let shown = null // whose card is shown
  /** @type {number[] | null} */
  let ranked = null
  /** @type {Set<number>} */
  let chosen = new Set()

  /** @param {number} at */
  const paper = async at => found(await store.card(at))

  /** The papers of the list, in the order of the answer, or as the map is read: from the top, in bands from the left. */
  function listed() {
    const isListed = (/** @type {Dot} */ dot) => papers.isFound(dot) && (chosen.size > 0 ? chosen.has(dot.at) : map.sees(dot))
    if (ranked) return ranked.flatMap(at => papers.all.get(at) ?? []).filter(isListed)
    const band = (/** @type {Dot} */ { y }) => Math.floor(y / BAND)
    return [...papers.all.values()].filter(isListed).sort((a, b) => band(a) - band(b) || a.x - b.x)
  }

  async function fill() {
    const mine = ++turn
    const all = listed()
    const shown = await Promise.all(all.slice(0, limit).map(({ at }) => paper(at).catch(() => null)))
    if (mine !== turn) return
    heading.textContent = `${chosen.size > 0 ? 'Selected' : 'In view'}: ${inWords(all.length)} ${all.length === 1 ? 'paper' : 'papers'}`
    rows.replaceChildren(...shown.flatMap((paper, i) => paper ? row(paper, all[i]) : []))
    more.hidden = all.length <= limit
  }

  /** @param {Found} paper @param {Dot} dot */
  function row(paper, { at }) {
    const node = clone('#spot')
    head(node, paper, root)
    node.dataset.at = String(at)
    return node
  }

  function later() {
    clearTimeout(waiting)
    waiting = setTimeout(fill, CALM)
    if (shown) put(shown)
  }

  /** The card stands beside its paper, on the side where there is room. @param {Dot} dot */
  function put(dot) {
    const { left, top } = map.onScreen(dot)
    const { clientWidth: wide, clientHeight: high } = /** @type {HTMLElement} */ (place.parentElement)
    const [isRight, isLow] = [left > wide - ROOM - 20, top > high / 2]
    place.hidden = !map.sees(dot)
    place.style.insetInlineStart = ''
    place.style.left = isRight ? 'auto' : `${left}px`
    place.style.right = isRight ? `${wide - left}px` : 'auto'
    place.style.top = isLow ? 'auto' : `${top}px`
    place.style.bottom = isLow ? `${high - top}px` : 'auto'
  }

  more.addEventListener('click', async () => {
    const from = limit
    limit += PAGE
    await fill()
    rows.children[from]?.querySelector('a')?.focus()
  })

  return {
    later,
    paper,

    /** @param {number[] | null} order of those that are found, where words were asked for @param {Set<number>} selection */
    show(order, selection) {
      ranked = order
      chosen = selection
      limit = PAGE
      clearTimeout(waiting)
      fill()
    },

    /** Shows a paper's card; without a paper, none. @param {Dot | null} dot */
    async point(dot) {
      shown = dot
      place.hidden = true
      if (!dot) return null
      const known = await paper(dot.at).catch(() => null)
      if (shown !== dot || !known) return null
      place.replaceChildren(card(known))
      put(dot)
      return known
    },

    /** The ids of papers. @param {Iterable<number>} ordinals @returns {Promise<string[]>} */
    async ids(ordinals) {
      const all = await store.json('columns/ids.json')
      return [...ordinals].sort((a, b) => a - b).map(at => all[at])
    },

    /** The papers with these ids, those that there are. @param {string[]} ids */
    async ordinals(ids) {
      if (ids.length === 0) return new Set()
      const all = await store.json('columns/ids.json').catch(() => [])
      return new Set(ids.map(id => all.indexOf(id)).filter(at => at >= 0))
    },
  }
}

/** A paper as an answer has it. @param {import('./store.js').Card} card @returns {Found} */
function found([id, title, byline, when, gist, hand, suggested, has]) {
  const plain = (/** @type {string} */ text) => [{ text, marked: false }]
  return { id, title: plain(title), byline: plain(byline), when, gist: gist ? plain(gist) : null, excerpt: null, hand, suggested, has }
}

// @ts-check
// pointing: a paper on the map pointed at or given the focus: its ring and its card; what clicks and keys do there.
import { find } from './list.js'

/** @typedef {import('./dots.js').Dot} Dot */
/**
 * @typedef {object} Acts what the page does
 * @property {(tag: string) => void} toggle asks for a tag, or no longer
 * @property {(at: number) => void} choose selects a paper, or no longer
 * @property {() => void} escape puts away what is open
 */

const NEAR = { mouse: 12, pen: 16, touch: 24 } // pixels from a paper that still point at it
const PART = 0.2 // of what is seen: a step of an arrow key
const LINGER = 250 // milliseconds in which a pointer reaches the card
/** @type {Record<string, [across: number, down: number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/**
 * @param {SVGSVGElement} svg
 * @param {ReturnType<typeof import('./dots.js').dots>} papers
 * @param {ReturnType<typeof import('./sight.js').sight>} map
 * @param {ReturnType<typeof import('./beside.js').beside>} list
 * @param {Acts} acts
 */
export function pointing(svg, papers, map, list, acts) {
  const ring = /** @type {SVGElement} */ (svg.querySelector('.ring'))
  const card = find('#card')
  const spots = find('#spots')
  /** @type {Dot | null} */
  let pointed = null
  let leaving = 0

  /** @param {Dot | null | undefined} dot */
  function encircle(dot) {
    ring.classList.toggle('on', Boolean(dot))
    if (dot) ring.setAttribute('transform', `translate(${dot.x} ${dot.y})`)
  }

  /** Shows a paper's ring and card. @param {Dot | null} dot */
  function point(dot) {
    clearTimeout(leaving)
    if (dot === pointed && dot) return
    pointed = dot
    encircle(dot)
    list.point(dot)
  }

  /** Takes the card away, unless the pointer comes to it; a finger leaves nothing. @param {PointerEvent} event */
  function leave({ pointerType }) {
    clearTimeout(leaving)
    if (pointerType === 'touch') return
    leaving = setTimeout(() => point(focused()), LINGER)
  }

  /** Takes the focus to a paper, into sight. @param {Dot} dot */
  async function focusOn(dot) {
    map.reach(dot)
    const link = papers.stopAt(dot)
    if (!link.hasAttribute('href')) { // one of many: made when it is come to
      const { id, title } = await list.paper(dot.at)
      link.setAttribute('href', new URL(`../papers/${id}/`, location.href).href)
      link.setAttribute('aria-label', title.map(({ text }) => text).join(''))
    }
    link.focus({ preventScroll: true })
  }

  /** The paper that the focus is on. */
  function focused() {
    const at = svg.contains(document.activeElement) ? document.activeElement?.getAttribute('data-at') : null
    return at ? papers.all.get(Number(at)) ?? null : null
  }

  /** The nearest to a pointer. @param {MouseEvent} event */
  function near(event) {
    const { pointerType } = /** @type {PointerEvent} */ (event)
    const kind = pointerType === 'touch' || pointerType === 'pen' ? pointerType : 'mouse'
    return papers.nearest(map.at(event), NEAR[kind] * map.scale())
  }

  /** @param {Event} event */
  const tagAt = event => /** @type {Element} */ (event.target).closest('[data-tag]')?.getAttribute('data-tag') ?? null
  const isDrawing = () => svg.classList.contains('drawing')

  svg.addEventListener('pointermove', event => {
    if (event.pointerType === 'touch' || event.buttons > 0 || isDrawing()) return
    const dot = tagAt(event) === null ? near(event) : null
    if (dot) point(dot)
    else if (pointed) leave(event)
  })
  svg.addEventListener('pointerleave', leave)
  card.addEventListener('pointerenter', () => clearTimeout(leaving))
  card.addEventListener('pointerleave', leave)

  svg.addEventListener('click', async event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    if (isDrawing()) return event.preventDefault()
    const tag = tagAt(event)
    const isKey = event.detail === 0
    if (tag !== null) {
      event.preventDefault()
      return acts.toggle(tag)
    }
    if (isKey) return // Enter on a link: the browser follows it
    const dot = near(event)
    if (/** @type {PointerEvent} */ (event).pointerType === 'touch') { // the card first: nothing can be pointed at before
      event.preventDefault()
      return point(dot)
    }
    if (!dot || /** @type {Element} */ (event.target).closest('.dots a[href]')) return
    location.href = new URL(`../papers/${(await list.paper(dot.at)).id}/`, location.href).href
  })

  svg.addEventListener('focusin', () => {
    const dot = focused()
    if (dot && svg.querySelector(':focus-visible')) point(dot)
  })
  for (const from of [svg, card]) {
    from.addEventListener('focusout', event => {
      const { relatedTarget } = /** @type {FocusEvent} */ (event)
      if (!card.contains(/** @type {Node | null} */ (relatedTarget))) point(null)
    })
  }
  for (const start of ['pointerover', 'focusin']) {
    spots.addEventListener(start, ({ target }) => {
      const row = /** @type {Element} */ (target).closest('[data-at]')
      encircle(papers.all.get(Number(row?.getAttribute('data-at') ?? -1)))
    })
  }
  for (const end of ['pointerleave', 'focusout']) spots.addEventListener(end, () => encircle(pointed))

  /** @type {Record<string, () => void>} */
  const keys = {
    '+': map.larger,
    '=': map.larger,
    '-': map.smaller,
    0: map.whole,
    Escape: acts.escape,
    ' ': () => {
      const dot = focused()
      if (dot) acts.choose(dot.at)
    },
  }

  svg.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const way = WAYS[event.key]
    const dot = focused()
    const next = way && !event.shiftKey && dot ? papers.toward(dot, ...way) : null
    if (next) focusOn(next)
    else if (way && (event.shiftKey || !dot)) map.move(way[0] * PART, way[1] * PART)
    else if (keys[event.key]) keys[event.key]()
    else if (!way) return
    event.preventDefault()
  })

  const first = papers.nearest({ x: 0, y: 0 }, Infinity) // where the Tab key comes in
  if (first) papers.stopAt(first)

  return { point }
}

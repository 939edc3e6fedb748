// @ts-check
// sight: which part of the map is seen: moved by dragging, enlarged by the wheel, two fingers, or as its functions say.

/** @typedef {{ x: number, y: number, zoom: number }} View the left top corner in units of the drawing, and how much it is enlarged */
/** @typedef {{ x: number, y: number }} Point */

const MOST = 12 // times
const STEP = 1.5 // of a button or a key
const SLACK = 4 // pixels that a click may move

/**
 * @param {SVGSVGElement} svg its names have the units in a pixel from which each is shown
 * @param {() => void} changed another part is seen
 */
export function sight(svg, changed) {
  const { width, height } = svg.viewBox.baseVal
  const names = [.../** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll('[data-px]'))]
  const [letters, numbers] = ['.letters', '.numbers'].map(selector => /** @type {SVGElement} */ (svg.querySelector(selector)))
  /** @type {Map<number, PointerEvent>} */
  const held = new Map()
  /** @type {View} */
  let view = { x: 0, y: 0, zoom: 1 }
  let isDragged = false

  /** Units of the drawing in a pixel that text and signs are sized by. */
  const unit = () => Number(getComputedStyle(svg).getPropertyValue('--px'))

  /** @param {View} to */
  function show(to) {
    const zoom = Math.min(MOST, Math.max(1, to.zoom))
    const [x, y] = [[to.x, width], [to.y, height]].map(([at, size]) => Math.min(size - size / zoom, Math.max(0, at)))
    view = { x, y, zoom }
    svg.setAttribute('viewBox', `${x} ${y} ${width / zoom} ${height / zoom}`)
    svg.style.removeProperty('--px')
    const px = unit() / zoom
    if (zoom > 1) svg.style.setProperty('--px', String(px))
    for (const name of names) name.classList.toggle('near', zoom > 1 && Number(name.dataset.px) >= px)
    letters.setAttribute('transform', `translate(0 ${y})`)
    numbers.setAttribute('transform', `translate(${x} 0)`)
    svg.classList.toggle('enlarged', zoom > 1)
    changed()
  }

  /** Enlarges around a point that stays in its place. @param {number} times @param {Point} at */
  function enlarge(times, at = middle()) {
    const zoom = Math.min(MOST, Math.max(1, view.zoom * times))
    const share = view.zoom / zoom
    show({ x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share, zoom })
  }

  const middle = () => ({ x: view.x + width / view.zoom / 2, y: view.y + height / view.zoom / 2 })

  /** Where on the drawing a pointer is. @param {{ clientX: number, clientY: number }} event @returns {Point} */
  function at({ clientX, clientY }) {
    const box = svg.getBoundingClientRect()
    const size = width / view.zoom / box.width
    return { x: view.x + (clientX - box.left) * size, y: view.y + (clientY - box.top) * size }
  }

  /** Units of the drawing in a pixel of the screen. */
  const scale = () => width / view.zoom / svg.clientWidth

  /** What the pointers span: their middle and how far they are apart. */
  function span() {
    const [a, b] = [...held.values()]
    const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }
    return { middle, apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) }
  }

  svg.addEventListener('pointerdown', event => {
    if (event.button !== 0 || svg.classList.contains('drawing')) return
    held.set(event.pointerId, event)
    if (held.size === 1) isDragged = false
  })
  addEventListener('pointermove', event => {
    const before = held.get(event.pointerId)
    if (!before) return
    if (held.size === 2) {
      const { apart } = span()
      held.set(event.pointerId, event)
      const now = span()
      isDragged = true
      return enlarge(now.apart / Math.max(1, apart), at(now.middle))
    }
    const [across, down] = [before.clientX - event.clientX, before.clientY - event.clientY]
    if (!isDragged && Math.hypot(across, down) < SLACK) return
    isDragged = true
    held.set(event.pointerId, event)
    show({ ...view, x: view.x + across * scale(), y: view.y + down * scale() })
  })
  for (const end of ['pointerup', 'pointercancel']) {
    addEventListener(end, event => held.delete(/** @type {PointerEvent} */ (event).pointerId))
  }
  svg.addEventListener('dragstart', event => event.preventDefault()) // a paper is a link, and links can be dragged away
  svg.addEventListener('click', event => {
    if (!isDragged) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }, { capture: true })
  svg.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey && !svg.contains(document.activeElement)) return // the page scrolls
    event.preventDefault()
    enlarge(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), at(event))
  }, { passive: false })
  new ResizeObserver(() => show(view)).observe(svg)

  return {
    at,
    scale,
    show,
    larger: () => enlarge(STEP),
    smaller: () => enlarge(1 / STEP),
    whole: () => show({ x: 0, y: 0, zoom: 1 }),
    /** Moves by shares of what is seen. @param {number} across @param {number} down */
    move: (across, down) => show({ ...view, x: view.x + across * width / view.zoom, y: view.y + down * height / view.zoom }),
    view: () => view,
    /** @param {Point} point */
    sees: ({ x, y }) => x >= view.x && y >= view.y && x <= view.x + width / view.zoom && y <= view.y + height / view.zoom,
    /** Brings a point into sight, if it is not. @param {Point} point */
    reach({ x, y }) {
      const [wide, high] = [width / view.zoom, height / view.zoom]
      if (x < view.x || y < view.y || x > view.x + wide || y > view.y + high) show({ ...view, x: x - wide / 2, y: y - high / 2 })
    },
    /** Where on the screen a point is, from the drawing's left top corner. @param {Point} point */
    onScreen: ({ x, y }) => ({ left: (x - view.x) / scale(), top: (y - view.y) / scale() }),
  }
}

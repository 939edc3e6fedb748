// @ts-check
// lasso: a line drawn around papers, by mouse, pen or finger.

/** @typedef {{ x: number, y: number }} Point */

/**
 * @param {SVGSVGElement} svg
 * @param {(event: PointerEvent) => Point} at where on the drawing a pointer is
 * @param {(holds: (point: Point) => boolean) => void} closed the line is drawn
 */
export function lasso(svg, at, closed) {
  const line = /** @type {SVGPolygonElement} */ (svg.querySelector('.lasso'))
  /** @type {Point[]} */
  let points = []
  let pointer = -1

  const draw = () => line.setAttribute('points', points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '))

  function end() {
    pointer = -1
    points = []
    draw()
  }

  svg.addEventListener('pointerdown', event => {
    if (!svg.classList.contains('drawing') || event.button !== 0) return
    event.preventDefault()
    pointer = event.pointerId
    svg.setPointerCapture(pointer)
    points = [at(event)]
  })
  svg.addEventListener('pointermove', event => {
    if (event.pointerId !== pointer) return
    points.push(at(event))
    draw()
  })
  svg.addEventListener('pointerup', event => {
    if (event.pointerId !== pointer) return
    const drawn = points
    end()
    if (drawn.length > 2) closed(point => holds(drawn, point))
  })
  svg.addEventListener('pointercancel', end)
}

/** Whether a closed line goes around a point: a ray from it crosses the line an odd number of times. @param {Point[]} line @param {Point} point */
export function holds(line, { x, y }) {
  let isInside = false
  line.forEach((to, i) => {
    const from = line[(i || line.length) - 1]
    if (from.y > y !== to.y > y && x < from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x)) isInside = !isInside
  })
  return isInside
}

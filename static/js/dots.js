// @ts-check
// dots: the papers on the map: which is where, which is next, which are found. In a large survey they are shapes, not links.

/** @typedef {{ at: number, x: number, y: number }} Dot `at`: its ordinal in the search */

/** @param {SVGSVGElement} svg */
export function dots(svg) {
  const links = [.../** @type {NodeListOf<SVGAElement>} */ (svg.querySelectorAll('.dots a'))]
  const shapes = [.../** @type {NodeListOf<SVGPathElement>} */ (svg.querySelectorAll('.dots path'))].map(shape)
  const group = /** @type {SVGElement} */ (svg.querySelector('.dots'))
  /** @type {Map<number, Dot>} */
  const all = new Map([...links.map(placed), ...shapes.flatMap(({ dots }) => dots)].map(dot => [dot.at, dot]))
  /** @type {Map<number, SVGAElement>} */
  const linked = new Map(links.map(link => [Number(link.dataset.at), link]))
  /** @type {SVGAElement | undefined} */
  let stop // the one that the Tab key comes to
  /** @type {Set<number> | null} */
  let found = null // null: all

  /** @type {Set<number>} */
  let chosen = new Set()
  let zoom = 1

  const isFound = (/** @type {Dot} */ { at }) => found === null || found.has(at)

  /** @param {(dot: Dot) => number} cost Infinity: not this one */
  function cheapest(cost) {
    let [best, least] = [/** @type {Dot | null} */ (null), Infinity]
    for (const dot of all.values()) {
      const price = isFound(dot) ? cost(dot) : Infinity
      if (price < least) [best, least] = [dot, price]
    }
    return best
  }

  function light() {
    const lit = chosen.size > 0 ? new Set([...chosen].filter(at => found?.has(at) ?? true)) : found
    svg.classList.toggle('sifted', lit !== null)
    for (const [at, link] of linked) link.classList.toggle('found', lit?.has(at) ?? false)
    for (const { node, overlay, dots, outline } of shapes) {
      overlay.remove()
      if (lit === null) continue
      overlay.setAttribute('d', drawn(dots.filter(({ at }) => lit.has(at)), outline, zoom))
      node.after(overlay)
    }
  }

  return {
    all,
    isFound,

    /** The nearest that is found. @param {{ x: number, y: number }} point @param {number} within */
    nearest: ({ x, y }, within) => cheapest(dot => {
      const away = Math.hypot(dot.x - x, dot.y - y)
      return away <= within ? away : Infinity
    }),

    /** The next that is found in a direction. @param {Dot} from @param {number} across @param {number} down */
    toward: (from, across, down) => cheapest(dot => {
      const along = (dot.x - from.x) * across + (dot.y - from.y) * down
      const aside = Math.abs((dot.x - from.x) * down - (dot.y - from.y) * across)
      return along > 0 && aside <= 2 * along ? along + 2 * aside : Infinity
    }),

    /** Where the map is enlarged, signs keep their size; links do so by their style. @param {number} times */
    keepSize(times) {
      if (times === zoom || shapes.length === 0) return
      zoom = times
      for (const { node, dots, outline } of shapes) node.setAttribute('d', drawn(dots, outline, zoom))
      light()
    },

    /** Papers that are not found fade. @param {Set<number> | null} set */
    show(set) {
      found = set
      light()
    },

    /** ... and so do those that are not in the reader's own selection. @param {Set<number>} set empty: there is none */
    choose(set) {
      chosen = set
      light()
    },

    /** The link of a paper, the only one that the Tab key comes to. @param {Dot} dot */
    stopAt(dot) {
      stop?.setAttribute('tabindex', '-1')
      if (stop && !links.includes(stop)) stop.remove()
      stop = linked.get(dot.at) ?? made(dot)
      if (!stop.parentNode) group.append(stop)
      stop.setAttribute('tabindex', '0')
      return stop
    },
  }
}

/** A paper that is a link; its title is on its card now, a tooltip would stand before that. @param {SVGAElement} link @returns {Dot} */
function placed(link) {
  const title = link.querySelector('title')
  if (title) {
    link.setAttribute('aria-label', title.textContent ?? '')
    title.remove()
  }
  const { e: x, f: y } = link.transform.baseVal[0].matrix
  return { at: Number(link.dataset.at), x, y }
}

/** A path of many papers: for each a move to its place, and its sign. @param {SVGPathElement} node */
function shape(node) {
  const pieces = (node.getAttribute('d') ?? '').split('M').slice(1)
  let last = -1
  const ordinals = (node.dataset.at ?? '').split(' ').map(gap => last += Number(gap) + 1)
  const dots = pieces.map((piece, i) => {
    const [x, y] = piece.split(/[ hm]/).map(Number)
    return { at: ordinals[i], x, y }
  })
  const outline = /[hm].*/.exec(pieces[0])?.[0] ?? ''
  const overlay = /** @type {SVGPathElement} */ (node.cloneNode())
  overlay.classList.add('found')
  return { node, overlay, dots, outline }
}

/** Path data of papers with one sign. @param {Dot[]} dots @param {string} outline of the sign @param {number} zoom */
function drawn(dots, outline, zoom) {
  const sign = outline.replace(/\d+/g, size => String(Number((Number(size) / zoom).toFixed(2))))
  return dots.map(({ x, y }) => `M${x} ${y}${sign}`).join('')
}

/** @param {Dot} dot */
function made({ at, x, y }) {
  const link = document.createElementNS('http://www.w3.org/2000/svg', 'a')
  link.dataset.at = String(at)
  link.setAttribute('transform', `translate(${x} ${y})`)
  return link
}

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

    /** Papers that are not found fade. @param {Set<number> | null} set */
    show(set) {
      found = set
      svg.classList.toggle('sifted', set !== null)
      for (const [at, link] of linked) link.classList.toggle('found', set?.has(at) ?? false)
      for (const { node, overlay, pieces, dots } of shapes) {
        overlay.remove()
        if (set === null) continue
        overlay.setAttribute('d', pieces.filter((_, i) => set.has(dots[i].at)).map(piece => `M${piece}`).join(''))
        node.after(overlay)
      }
    },

    /** Which are in the reader's own selection. @param {Set<number>} chosen */
    choose(chosen) {
      for (const [at, link] of linked) link.classList.toggle('chosen', chosen.has(at))
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
  const overlay = /** @type {SVGPathElement} */ (node.cloneNode())
  overlay.classList.add('found')
  return { node, overlay, pieces, dots }
}

/** @param {Dot} dot */
function made({ at, x, y }) {
  const link = document.createElementNS('http://www.w3.org/2000/svg', 'a')
  link.dataset.at = String(at)
  link.setAttribute('transform', `translate(${x} ${y})`)
  return link
}

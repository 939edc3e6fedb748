// @ts-check
// years: the columns of the years as a filter: point at one, drag over some, or choose the first and the last from two lists.

/** @typedef {[from: number | null, to: number | null]} Span null: no such end */

/**
 * @param {HTMLElement} area @param {(span: Span) => void} chosen
 */
export function years(area, chosen) {
  const picture = /** @type {SVGElement} */ (area.querySelector('svg'))
  const columns = [...picture.querySelectorAll('rect')]
  const said = /** @type {HTMLElement} */ (area.querySelector('#year_said'))
  const [first, last] = area.querySelectorAll('select')
  const options = [...first.options, ...last.options].filter(option => option.value)
  const numbers = columns.map(column => Number(column.dataset.year))
  /** @type {Record<string, number>} */
  let counts = {}
  /** @type {Span} */
  let span = [null, null]
  /** @type {number | null} */
  let held = null // the year that a drag began at

  /** Shows a span as chosen, without choosing it. @param {Span} shown */
  function show([from, to]) {
    const isAny = from === null && to === null
    columns.forEach((column, i) => {
      column.classList.toggle('in', !isAny && numbers[i] >= (from ?? -Infinity) && numbers[i] <= (to ?? Infinity))
    })
    first.value = String(from ?? '')
    last.value = String(to ?? '')
  }

  /** The year that the pointer is at. @param {PointerEvent} event */
  function yearAt({ clientX }) {
    const { left, width } = picture.getBoundingClientRect()
    const place = Math.floor((clientX - left) / width * columns.length)
    return numbers[Math.max(0, Math.min(columns.length - 1, place))]
  }

  /** @param {number} year */
  const say = year => { said.textContent = `${year}: ${(counts[year] ?? 0).toLocaleString('en')}` }

  /** From where a drag, or with Shift the span there is, began to this year. @param {number} year @param {boolean} isMore @returns {Span} */
  function to(year, isMore) {
    const ends = [year, ...isMore ? span.filter(end => end !== null) : [], ...held === null ? [] : [held]]
    return [Math.min(...ends), Math.max(...ends)]
  }

  picture.addEventListener('pointerdown', event => {
    if (event.button !== 0) return
    event.preventDefault() // no text is selected
    held = yearAt(event)
    picture.setPointerCapture(event.pointerId)
    show(to(held, event.shiftKey))
  })
  picture.addEventListener('pointermove', event => {
    const year = yearAt(event)
    say(year)
    if (held !== null) show(to(year, event.shiftKey))
  })
  picture.addEventListener('pointerup', event => {
    if (held === null) return
    const [from, end] = to(yearAt(event), event.shiftKey)
    held = null
    const isAgain = from === span[0] && end === span[1]
    chosen(isAgain ? [null, null] : [from, end]) // the same once more takes it back
  })
  picture.addEventListener('pointercancel', () => {
    held = null
    show(span)
  })
  picture.addEventListener('pointerleave', () => { said.textContent = '' })
  for (const list of [first, last]) {
    list.addEventListener('change', () => {
      const [from, end] = [first, last].map(({ value }) => value ? Number(value) : null)
      const isTurned = from !== null && end !== null && from > end
      chosen(isTurned ? [Number(list.value), Number(list.value)] : [from, end])
    })
  }

  return {
    /** @param {Span} chosen */
    mark(chosen) {
      span = chosen
      show(span)
    },

    /** @param {Record<string, number>} found papers by year */
    count(found) {
      counts = found
      const most = Math.max(1, ...numbers.map(year => counts[year] ?? 0))
      columns.forEach((column, i) => {
        const count = counts[numbers[i]] ?? 0
        const height = count && Math.max(2, 100 * count / most) // one paper can be seen beside a thousand
        column.setAttribute('y', String(100 - height))
        column.setAttribute('height', String(height))
      })
      for (const option of options) option.text = `${option.value} (${(counts[option.value] ?? 0).toLocaleString('en')})`
    },
  }
}

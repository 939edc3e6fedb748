// @ts-check
/** Arrow keys between the search field and the links of what it found; the links keep the focus, so Enter is the browser's. */

/**
 * @param {HTMLInputElement} box
 * @param {() => HTMLElement[]} links that are shown, in order
 * @param {(event: KeyboardEvent) => void} escape what Escape does in the box
 */
export function travel(box, links, escape) {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const all = links()
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    if (at >= 0) fromLink(event, all, at)
    else if (document.activeElement === box) fromBox(event, all)
  })

  /** @param {KeyboardEvent} event @param {HTMLElement[]} all */
  function fromBox(event, all) {
    if (event.key === 'ArrowDown' && !event.shiftKey && all.length > 0) go(event, all[0])
    if (event.key === 'Escape') escape(event)
  }

  /** @param {KeyboardEvent} event @param {HTMLElement[]} all @param {number} at */
  function fromLink(event, all, at) {
    const steps = {
      ArrowDown: () => below(all, at) ?? all[at],
      ArrowUp: () => above(all, at) ?? box,
      ArrowRight: () => all[at + 1] ?? all[at],
      ArrowLeft: () => all[at - 1] ?? box,
      Home: () => all[0],
      End: () => all[all.length - 1],
      Escape: () => box,
    }
    const step = steps[/** @type {keyof typeof steps} */ (event.key)]
    if (step) go(event, step())
    else if (isWritten(event)) box.focus() // what is typed next goes on in the box
  }
}

/** @param {KeyboardEvent} event @param {HTMLElement} to */
function go(event, to) {
  event.preventDefault()
  to.focus()
}

/** @param {KeyboardEvent} event */
const isWritten = ({ key }) => key === 'Backspace' || (key.length === 1 && key !== ' ' && key !== '/')

/** @param {HTMLElement} element */
const top = element => Math.round(element.getBoundingClientRect().top)

/** The first link of the next line. @param {HTMLElement[]} all @param {number} at */
const below = (all, at) => all.slice(at + 1).find(link => top(link) > top(all[at]))

/** The first link of the line before. @param {HTMLElement[]} all @param {number} at */
function above(all, at) {
  const last = all.slice(0, at).findLast(link => top(link) < top(all[at]))
  return last && all.find(link => top(link) === top(last))
}

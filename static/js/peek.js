// @ts-check
/** What a citation shows when it is pointed at: below it where there is no room above, and away with Escape. */

const below = 'below'
const away = 'put-away'

/** @param {Event} event */
const citation = event => event.target instanceof Element ? event.target.closest('.cite') : null

for (const start of ['pointerover', 'focusin']) {
  document.addEventListener(start, event => {
    const cite = citation(event)
    const peek = cite?.querySelector('.peek')
    cite?.classList.remove(away)
    if (cite && peek) cite.classList.toggle(below, cite.getBoundingClientRect().top < peek.clientHeight)
  })
}

for (const end of ['pointerout', 'focusout']) {
  document.addEventListener(end, event => {
    const to = /** @type {FocusEvent | PointerEvent} */ (event).relatedTarget
    const cite = citation(event)
    if (cite && !(to instanceof Node && cite.contains(to))) cite.classList.remove(away)
  })
}

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') document.querySelectorAll('.cite:hover, .cite:focus-within').forEach(cite => cite.classList.add(away))
})

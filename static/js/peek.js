// @ts-check
/** What a citation shows when it is pointed at: where it hides nothing of the citation, and away with Escape. */

const ACTIVE = '.cite:hover, .cite:focus-within'

/** @param {Event} event */
const citation = event => event.target instanceof Element ? event.target.closest('.cite') : null

/** Above the citation, or below where there is no room; on a narrow screen at the bottom, or at the top. @param {Element} cite */
function place(cite) {
  const link = cite.getBoundingClientRect()
  const height = cite.querySelector('.peek')?.clientHeight ?? 0
  cite.classList.toggle('below', link.top < height)
  cite.classList.toggle('at-top', link.bottom > innerHeight - height)
}

for (const start of ['pointerover', 'focusin']) {
  document.addEventListener(start, event => {
    const cite = citation(event)
    if (!cite) return
    cite.classList.remove('put-away')
    place(cite)
  })
}

for (const end of ['pointerout', 'focusout']) {
  document.addEventListener(end, event => {
    const to = /** @type {FocusEvent | PointerEvent} */ (event).relatedTarget
    const cite = citation(event)
    if (cite && !(to instanceof Node && cite.contains(to))) cite.classList.remove('put-away')
  })
}

document.addEventListener('scroll', () => document.querySelectorAll(ACTIVE).forEach(place), { passive: true })

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') document.querySelectorAll(ACTIVE).forEach(cite => cite.classList.add('put-away'))
})

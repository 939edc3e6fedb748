// @ts-check
/** What the head of every page can do: switch between light and dark; take the keyboard to the search. */

const KEY = 'papergrove-theme' // as in theme.js
const root = document.documentElement
const dark = matchMedia('(prefers-color-scheme: dark)')
const button = /** @type {HTMLButtonElement} */ (document.querySelector('#theme_switch'))
const box = /** @type {HTMLInputElement} */ (document.querySelector('#q'))

const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches

/** The other theme; kept only where it is not what the device asks for anyway. */
function turn() {
  const theme = isDark() ? 'light' : 'dark'
  const isChosen = (theme === 'dark') !== dark.matches
  if (isChosen) root.dataset.theme = theme
  else delete root.dataset.theme
  try {
    if (isChosen) localStorage.setItem(KEY, theme)
    else localStorage.removeItem(KEY)
  } catch {} // storage may be forbidden: then the choice lasts as long as the page
  name()
}

function name() {
  const label = `Switch to the ${isDark() ? 'light' : 'dark'} theme`
  button.setAttribute('aria-label', label)
  button.title = label
}

/** Whether typing goes into the element. @param {EventTarget | null} target */
const isTypedInto = target =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

button.addEventListener('click', turn)
dark.addEventListener('change', name)
name()

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTypedInto(event.target)) return
  event.preventDefault()
  box.focus()
  box.select()
})

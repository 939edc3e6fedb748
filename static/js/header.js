// @ts-check
/** What the head of every page can do: switch between light and dark; take the keyboard to the search. */

const KEY = 'papergrove-theme' // as in theme.js
const SLASH_KEY = 'papergrove-slash'
const root = document.documentElement
const dark = matchMedia('(prefers-color-scheme: dark)')
const button = /** @type {HTMLButtonElement} */ (document.querySelector('#theme_switch'))
const box = /** @type {HTMLInputElement} */ (document.querySelector('#q'))
const key = /** @type {HTMLElement} */ (document.querySelector('.search-box kbd'))
const slash = /** @type {HTMLButtonElement} */ (document.querySelector('#slash_switch'))

/** @param {string} key */
function stored(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage may be forbidden
  }
}

/** @param {string} key @param {string | null} value */
function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {} // then the choice lasts as long as the page
}

const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches

/** The other theme; kept only where it is not what the device asks for anyway. */
function turn() {
  const theme = isDark() ? 'light' : 'dark'
  const isChosen = (theme === 'dark') !== dark.matches
  if (isChosen) root.dataset.theme = theme
  else delete root.dataset.theme
  store(KEY, isChosen ? theme : null)
  rename()
}

function rename() {
  const label = `Switch to the ${isDark() ? 'light' : 'dark'} theme`
  button.setAttribute('aria-label', label)
  button.title = label
}

/** Whether typing goes into the element. @param {EventTarget | null} target */
const isTypedInto = target =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Takes over what was chosen on another page. */
function follow() {
  const theme = stored(KEY)
  if (theme) root.dataset.theme = theme
  else delete root.dataset.theme
  rename()
}

button.addEventListener('click', turn)
dark.addEventListener('change', rename)
addEventListener('storage', event => event.key === KEY && follow())
addEventListener('pageshow', event => event.persisted && follow())
rename()

/** A reader who speaks to the computer may not want a key of one letter. */
const isOff = () => stored(SLASH_KEY) === 'off'

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTypedInto(event.target) || isOff()) return
  event.preventDefault()
  box.focus()
  box.select()
})

slash.addEventListener('click', () => {
  store(SLASH_KEY, isOff() ? null : 'off')
  nameSlash()
})

function nameSlash() {
  key.hidden = isOff()
  slash.textContent = isOff() ? 'Let the key / go to the search' : 'Turn off the key / for the search'
}

nameSlash()

export {} // a module: what is in here is in nobody's way

"""What a search takes in the browser: a first question on a cold cache, a later one, the search page, a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from sites import Sent, Served, cold_page, served, slow_down


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A search as it is asked here. `opened` is JavaScript, a function: the address of its files -> a promise of its `ask`, with
    all scripts loaded and no data; `ask`: text -> a promise of the number of papers among the first ten."""

    name: str
    opened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A first question."""

    seconds: float
    sent: tuple[Sent, ...]  # data, until the answer was there
    later: tuple[Sent, ...]  # ... and from then until nothing more came


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    milliseconds: tuple[float, ...]  # from each key until its list was painted
    longest: float  # task of the page, in milliseconds; 0: none over 50
    silent: int  # keys that changed nothing


# The question of a page that asks `ask`: [milliseconds, papers found]
TIMED = """async text => {
  const start = performance.now()
  const found = await ask(text)
  return [performance.now() - start, found]
}"""

# Makes `painted` in a search page: a promise of the time when a result with a marked word has been painted.
WATCH = """window.painted = new Promise(resolve => document.addEventListener('DOMContentLoaded', () => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector('#results .card mark')) return
    watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
  })
  watch.observe(document.querySelector('#results'), { childList: true, subtree: true })
}))"""

# Types a letter: milliseconds until its list is painted; null when the list stayed as it was.
TYPE = """async letter => {
  const box = document.querySelector('#q')
  const start = performance.now()
  const changed = new Promise(resolve => {
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(true) })
    watch.observe(document.querySelector('#results'), { childList: true })
    setTimeout(resolve, 3000, false)
  })
  box.value += letter
  box.dispatchEvent(new Event('input'))
  if (!await changed) return null
  return new Promise(resolve => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start))))
}"""

TASKS = """() => {
  window.tasks = []
  const note = list => tasks.push(...list.getEntries().map(({ duration }) => duration))
  new PerformanceObserver(note).observe({ type: 'longtask' })
}"""


def opened(page: Page, engine: Engine, base: str) -> None:
    page.evaluate(f"async base => {{ window.ask = await ({engine.opened})(base) }}", base)


def first(browser: Browser, serving: Served, base: str, engine: Engine, text: str, *, slow: bool) -> First:
    with cold_page(browser, serving.address) as page:
        opened(page, engine, base)
        serving.sent.clear()
        if slow:
            slow_down(page)
        milliseconds, found = page.evaluate(TIMED, text)
        until = len(serving.sent)
        assert found, f"{engine.name} finds nothing for {text}"
        quieten(page, serving)
        data = [tuple(filter(is_data, part)) for part in (serving.sent[:until], serving.sent[until:])]
    return First(seconds=milliseconds / 1000, sent=data[0], later=data[1])


def quieten(page: Page, serving: Served) -> None:
    """Waits until nothing has been sent for a second."""
    known = -1
    while len(serving.sent) > known:
        known = len(serving.sent)
        page.wait_for_timeout(1_000)


def is_data(sent: Sent) -> bool:
    """Scripts are not, WebAssembly is one of them."""
    name = sent.path.rpartition("/")[2]
    return not name.startswith("wasm.") and not name.endswith((".js", ".html"))


def warm(browser: Browser, serving: Served, base: str, engine: Engine, texts: Sequence[str]) -> list[float]:
    """Milliseconds of questions that were asked before."""
    with cold_page(browser, serving.address) as page:
        opened(page, engine, base)
        asked = [page.evaluate(TIMED, text)[0] for _ in range(2) for text in texts]
    return asked[len(texts) :]


def first_page(browser: Browser, site: Path, text: str) -> tuple[float, float]:
    """Seconds on the slow line until the search page has loaded, and from then, when the words are entered, to the first card.
    The host compresses pages and scripts as is usual."""
    with served({"site": site}, packed=True) as serving, cold_page(browser) as page:
        slow_down(page)
        page.add_init_script(WATCH)
        page.goto(f"{serving.address}site/search/", wait_until="load")
        page.locator("#q").fill(text)
        entered = page.evaluate("window.entered = performance.now()")
        return entered / 1000, (page.evaluate("painted") - entered) / 1000


def keys(browser: Browser, base: str, texts: Sequence[str], slower: float, *, worker: bool) -> Keys:
    """Of the letters of these texts, which were typed once before, with a page whose processor is slowed down so many times.
    The slowing does not reach a worker: without one, the search runs in the page."""
    with cold_page(browser) as page:
        if not worker:
            page.add_init_script("delete window.Worker")
        page.goto(base + "search/")
        page.locator("#results .card").first.wait_for()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for text in texts:
            typed(page, text)
        page.evaluate(TASKS)
        took = [milliseconds for text in texts for milliseconds in typed(page, text)]
        page.wait_for_timeout(500)  # for the last task to be told
        longest = max(page.evaluate("tasks"), default=0)
    known = tuple(milliseconds for milliseconds in took if milliseconds is not None)
    return Keys(milliseconds=known, longest=longest, silent=len(took) - len(known))


def typed(page: Page, text: str) -> list[float | None]:
    page.locator("#q").fill("")
    page.wait_for_timeout(1_000)  # for the list of all papers, and what comes after it
    return [page.evaluate(TYPE, letter) for letter in text]

"""Prints how a slow device copes with search as you type: milliseconds, with the page's processor slowed down.

    .venv/bin/python tests/benchmarks/keystrokes.py [--slower 4] [--papers 0]

"frame" is the longest time between two frames while a key was answered, "answer" the time from the key to its list. The slowing
does not reach the worker in which the search runs; "in the page" shows what it does where there is no worker. `--papers` adds a
survey of so many made-up papers.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
import chromium
from conftest import BASE, served
from surveys import many, tiny

from generator.build import build

ROOT = Path(__file__).parents[2]
WORDS = "reinforcement learning from demonstrations"
MADE_UP = "counting willow on plot for weeks"

# Types a letter, waits for the list that answers it, and gives [milliseconds until then, longest time between two frames].
TYPE = """async letter => {
  const box = document.querySelector('#q')
  const list = document.querySelector('#results')
  const start = performance.now()
  let [last, longest] = [start, 0]
  let done = false
  const frame = () => {
    const now = performance.now()
    ;[longest, last] = [Math.max(longest, now - last), now]
    if (!done) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  const answered = new Promise(resolve => {
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(performance.now() - start) })
    watch.observe(list, { childList: true })
  })
  box.value += letter
  box.dispatchEvent(new Event('input'))
  const took = await answered
  await new Promise(resolve => requestAnimationFrame(resolve))
  done = true
  return [took, longest]
}"""


def typed(page: Page, site: str, words: str, slower: float) -> list[tuple[float, float]]:
    page.goto(site + "search/")
    page.locator("#results .card").first.wait_for()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return [tuple(page.evaluate(TYPE, letter)) for letter in words]


def report(name: str, figures: list[tuple[float, float]]) -> None:
    answers, longest = sorted(answer for answer, _ in figures), max(frame for _, frame in figures)
    median = answers[len(answers) // 2]
    print(f"{name:34} answer: median {median:5.0f}, slowest {answers[-1]:5.0f}   longest frame {longest:5.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slower", type=float, default=4)
    parser.add_argument("--papers", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        surveys = [("this survey", ROOT, WORDS)]
        if options.papers:
            surveys.append((f"{options.papers:,} papers", tiny(Path(folder) / "many", many(options.papers)), MADE_UP))
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, chromium.installed()), None), args=[*chromium.QUIET]
        )
        for name, root, words in surveys:
            out = Path(folder) / "site" / name.replace(" ", "-")
            build(root, out, base_url=BASE)
            with served(out) as site:
                report(f"{name}, in a worker", typed(browser.new_page(), site, words, options.slower))
                page = browser.new_page()
                page.add_init_script("delete window.Worker")
                report(f"{name}, in the page", typed(page, site, words, options.slower))
        browser.close()


if __name__ == "__main__":
    main()

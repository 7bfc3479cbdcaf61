"""Every entry of the menu by the Tab key alone: no trap, nothing nameless, nothing behind a bar."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import PHONE, WIDE, Visit

pytestmark = pytest.mark.browser
MOST = 60
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const labels = [...(at.labels || [])];
  const words = [at.getAttribute('aria-label'), ...labels.map((label) => label.textContent),
    at.textContent, at.title, at.querySelector('[aria-label]')?.getAttribute('aria-label')];
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const own = top && (at.contains(top) || top.contains(at)
    || labels.some((label) => label.contains(top)));
  const parts = at.matches('input[type=date], input[type=time], input[type=datetime-local]');
  const again = window.lastStop === at && !parts; // a date has a stop for each of its parts
  window.lastStop = at;
  return {
    again, what: at.outerHTML.slice(0, 100),
    named: words.some((one) => one && one.trim()),
    seen: own || box.width * box.height < 4 || box.height > innerHeight / 2,
  };
}"""


@pytest.mark.parametrize(("login", "size"), [("township", PHONE), ("coordinator", WIDE)])
def test_the_menu_is_walked_by_tab_alone(
    visit: Callable[..., Visit], login: str, size: tuple[int, int]
) -> None:
    one = visit(login, size)
    links = ".site-nav a"
    paths = one.page.eval_on_selector_all(links, "all => all.map(each => each.pathname)")
    for path in paths:
        page = one.go(path)
        for _ in range(MOST):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            if stop is None:  # once round
                break
            assert not stop["again"], f"{path}: caught at {stop['what']}"
            assert stop["named"], f"{path}: nameless {stop['what']}"
            assert stop["seen"], f"{path}: covered {stop['what']}"

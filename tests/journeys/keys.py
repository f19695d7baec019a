"""A user with only a keyboard: Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

FAR = 90  # presses of Tab after which something no longer counts as reachable
# Where the focus is: whether it shows, whether anything covers it, and whether it moved in the page's order.
FOCUS = """before => {
  const here = document.activeElement;
  if (here === document.body) return {on: "nothing"};
  const drawn = e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 };
  const label = here.labels && here.labels[0];
  const pressed = label && here.matches('[type=radio], [type=checkbox]') ? label : here;  // drawn before the label
  const ring = drawn(here) || (label && ['::before', '::after'].some(part => {
    const s = getComputedStyle(label, part); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 }));
  const box = pressed.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + 12, box.top + Math.min(box.height / 2, 20));
  return {
    on: here.outerHTML.slice(0, 120),
    ring: Boolean(ring),
    bare: Boolean(top) && (pressed.contains(top) || top.contains(pressed)),
    onward: !before || Boolean(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
}"""


@dataclass
class Keys:
    """A page, and the keys."""

    page: Page

    def to(self, target: Locator) -> Locator:
        """Press Tab until the focus is on the target. On the way the focus is always visible, uncovered, and in order."""
        target.wait_for(state="attached")
        aim = target.element_handle()
        for _press in range(FAR):
            before = self.page.evaluate_handle(
                "document.activeElement === document.body ? null : document.activeElement"
            )
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUS, before)
            if found["on"] == "nothing":
                continue  # the browser's own bar, between the end of a page and its beginning
            assert found["ring"], f"the focus does not show: {found['on']}"
            assert found["bare"], f"something lies over the focus: {found['on']}"
            if self.page.evaluate("aim => document.activeElement === aim", aim):
                return target
            assert found["onward"] or "leave" in found["on"], f"the focus jumps back: {found['on']}"
        raise AssertionError(f"{target} is not reached with the Tab key")

    def type(self, target: Locator, words: str) -> None:
        """Go there and type."""
        self.to(target)
        self.page.keyboard.type(words)

    def press(self, target: Locator) -> None:
        """Go there and press Enter: a link, a button."""
        self.to(target)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def tick(self, target: Locator) -> None:
        """Go there and press Space: a box."""
        self.to(target)
        self.page.keyboard.press("Space")

    def choose(self, group: str, words: str) -> None:
        """Go to a group of radio buttons and press the arrow until the one with these words is chosen."""
        wanted = self.page.get_by_role("group", name=group).get_by_role("radio", name=words)
        inside = self.page.get_by_role("group", name=group).get_by_role("radio")
        chosen = [each for each in inside.all() if each.is_checked()]
        self.to((chosen or inside.all())[0])
        self.page.keyboard.press("Space")
        for _press in range(inside.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{words} is not reached with the arrow keys")

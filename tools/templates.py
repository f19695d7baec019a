"""Format the templates: `python tools/templates.py format | check [PATH ...]`.

`djangofmt` indents and breaks lines where there is whitespace. Before `djangofmt` runs, this script adds line breaks
wherever whitespace shows nothing (accord/ui/whitespace.py). Afterward, it breaks long sentences with `{% blocktranslate
trimmed %}`, which keeps their messages the same. What a reader sees never changes. A format that would change it is
refused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from accord.ui import whitespace  # noqa: E402
from accord.ui.whitespace import Token  # noqa: E402

WIDTH = 120
INDENT = 2
LONG = 90  # a longer link, or a longer body of a condition, gets its own lines
_SENTENCE = r"{%\s*blocktranslate\b(?P<options>[^%]*)%}(?P<words>.*?){%\s*endblocktranslate\s*%}"
_SHORT = r"{%\s*translate\s+(?P<quote>[\"'])(?P<short>.*?)(?P=quote)(?:\s+as\s+(?P<name>\w+))?\s*%}"
_WORDS = re.compile(f"{_SENTENCE}|{_SHORT}")


def paths() -> list[Path]:
    return sorted((HERE / "accord").glob("*/templates/**/*.html"))


def formatted(*sources: str) -> list[str | ValueError]:
    """Return each template with its layout fixed, or an error if formatting would change what the template shows."""
    laid_out = _djangofmt([_loosened(_on_one_line(source)) for source in sources])
    return [_checked(*each) for each in zip(sources, laid_out, strict=True)]


def _checked(source: str, laid_out: str | ValueError) -> str | ValueError:
    if isinstance(laid_out, ValueError):
        return laid_out
    text = "\n".join(_narrow(line) for line in laid_out.splitlines()) + "\n"
    before, after = _shown(source), _shown(text)
    if before == after:
        return text
    same = next(n for n in range(len(before) + 1) if before[:n] != after[:n]) - 1
    place = before[max(0, same - 60) : same]
    return ValueError(f"formatting would change the space after `{place}`: write a space, or an element, there")


def _on_one_line(source: str) -> str:
    """Return the template with each sentence on one line and in its shortest form."""

    def short(found: re.Match[str]) -> str:
        options = found["options"].split()
        if "trimmed" not in options:
            return found[0]
        options.remove("trimmed")
        words = re.sub(r"\s*\n\s*", " ", found["words"].strip())
        words = re.sub(r" ?({%\s*plural\s*%}) ?", r"\1", words)
        name = f" as {options[1]}" if options[:1] == ["asvar"] else ""
        quote = '"' if '"' not in words else "'"
        if "{" in words or quote in words or len(options) != (2 if name else 0):
            return f"{{% {' '.join(['blocktranslate', *options])} %}}{words}{{% endblocktranslate %}}"
        return f"{{% translate {quote}{words}{quote}{name} %}}"

    return re.sub(_SENTENCE, short, source, flags=re.DOTALL)


def _narrow(line: str) -> str:
    """Break the longest sentence in a line that is too long, and repeat until the line fits."""
    if len(line) <= WIDTH:
        return line
    sentence = max(_WORDS.finditer(line), key=lambda each: len(each[0]), default=None)
    if sentence is None or re.search(r"=\"[^\"]*$", line[: sentence.start()]):  # an attribute stays on one line
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    before, *inside, after = _broken(sentence, indent)
    return "\n".join([line[: sentence.start()] + before, *inside, _narrow(after + line[sentence.end() :])])


def _broken(sentence: re.Match[str], indent: str) -> list[str]:
    """Return a sentence as lines of `blocktranslate trimmed` with the same message."""
    if sentence["quote"]:
        words, options = sentence["short"], f"asvar {sentence['name']}" if sentence["name"] else ""
    else:
        words, options = sentence["words"], sentence["options"].strip()
    inner = indent + " " * INDENT
    whole = re.sub(r"{{.*?}}", lambda each: each[0].replace(" ", "\ue000"), words)  # not to be broken
    lines = [
        line
        for part in re.split(r"({%\s*plural\s*%})", whole)
        for line in wrap(part, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
    ]
    return [
        f"{{% blocktranslate {' '.join(['trimmed', *options.split()])} %}}",
        *(f"{inner}{line}".replace("\ue000", " ") for line in lines),
        f"{indent}{{% endblocktranslate %}}",
    ]


def _djangofmt(texts: Sequence[str]) -> list[str | ValueError]:
    blocks = ",".join(sorted(whitespace.WITH_BODY))
    options = ["--line-length", str(WIDTH), "--indent-width", str(INDENT), "--custom-blocks", blocks]
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.html") for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        command = [Path(sys.executable).with_name("djangofmt"), *options, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = re.split(r"\n\s*(?=× |Couldn't format)", done.stderr)
        wrong = {file: each.strip() for file in files for each in said if f"{file}:" in each}
        if done.returncode and not wrong:
            raise RuntimeError(done.stderr)
        return [ValueError(wrong[file]) if file in wrong else file.read_text(encoding="utf-8") for file in files]


def _shown(source: str) -> str:
    """Return what a template shows, regardless of its layout."""
    text = re.sub(r"{([{%])\s*(.*?)\s*([%}])}", r"{\1\2\3}", whitespace.compact(_on_one_line(source)))
    element = r"<(?:{%.*?%}|{{.*?}}|\"[^\"]*\"|'[^']*'|[^>\"'])*>"
    return re.sub(element, lambda found: re.sub(r"\s", "", found[0]).lower(), text, flags=re.DOTALL)


def _loosened(source: str) -> str:
    """Return the template with a line break wherever a line may begin and whitespace shows nothing."""
    found = whitespace.tokens(source)
    free = whitespace.nothing_shown(found)
    loose = _loose(found, free)
    text = []
    kept = [number for number, token in enumerate(found) if token.part != "space"]
    for number, after in pairwise(kept):
        text.append(found[number].text)
        if free[number + 1] and free[after] and _may_break(found, number, after, loose):
            between = found[number + 1].text if after > number + 1 else ""
            text.append("\n" if "\n" not in between else between)
        else:
            text.append("".join(each.text for each in found[number + 1 : after]))
    return "".join([*text, found[kept[-1]].text]) if kept else ""


def _may_break(found: Sequence[Token], before: int, after: int, loose: set[int]) -> bool:
    one, other = found[before], found[after]
    return (
        (one.breaks and one.part != "open" and one.name != "br")
        or (other.breaks and other.part != "close" and other.name != "br")
        or (one.breaks and other.breaks and "br" not in {one.name, other.name})
        or "silent" in {one.part, other.part}
        or before in loose
        or after in loose
    )


def _groups(found: Sequence[Token]) -> Iterator[list[int]]:
    """Yield each group of Django tags, such as the `if`, `else` and `endif` of one condition."""
    open_groups: list[list[int]] = []
    for number, token in enumerate(found):
        if token.part == "if":
            open_groups.append([number])
        elif token.part in {"else", "endif"} and open_groups:
            open_groups[-1].append(number)
            if token.part == "endif":
                yield open_groups.pop()


def _loose(found: Sequence[Token], free: Sequence[bool]) -> set[int]:
    """Return the Django tags that get their own lines because their body contains more than words."""
    loose: set[int] = set()
    for group in _groups(found):  # inner groups first
        name = found[group[0]].name
        body = range(group[0] + 1, group[-1])
        blocks = any(found[each].breaks or each in loose for each in body)
        elements = any(found[each].part in {"open", "void"} for each in body)
        is_long = sum(len(found[each].text) for each in body) > LONG
        edges = all(free[each + 1] for each in group[:-1]) and all(free[each] for each in group[1:])
        if name in whitespace.DRAWS_BLOCK or (edges and (blocks or is_long or (elements and name != "block"))):
            loose |= set(group)
    return loose | _long(found, free)


def _long(found: Sequence[Token], free: Sequence[bool]) -> set[int]:
    """Return the tags of links and similar elements that are too long for one line and may be broken inside."""
    long: set[int] = set()
    for start, token in enumerate(found):
        if token.part == "open" and token.name in whitespace.PLAIN:
            end = next(n for n in range(start, len(found)) if found[n].part == "close" and found[n].name == token.name)
            length = sum(len(found[each].text) for each in range(start, end + 1))
            if free[start + 1] and free[end] and length > LONG:
                long |= {start, end}
    return long


def faults(sources: Mapping[str, str]) -> list[str]:
    """Return each layout fault in these templates, one line for each, with the template's name."""
    found = []
    for (name, source), good in zip(sources.items(), formatted(*sources.values()), strict=True):
        if isinstance(good, ValueError):
            found.append(f"{name}: {good}")
        elif good != source:
            found.append(f"{name}: not formatted (make fix)")
        lines = enumerate(source.splitlines(), 1)
        found += [f"{name}:{number}: {len(line)} characters" for number, line in lines if len(line) > WIDTH]
    return found


def main(command: str, *given: str) -> int:
    chosen = [Path(each).resolve() for each in given] or paths()
    sources = {str(path.relative_to(HERE)): path.read_text(encoding="utf-8") for path in chosen}
    if command == "format":
        for (name, source), text in zip(sources.items(), formatted(*sources.values()), strict=True):
            if isinstance(text, str) and text != source:
                (HERE / name).write_text(text, encoding="utf-8")
                sources[name] = text
    found = faults(sources)
    print("\n".join(found) or f"{len(chosen)} templates are formatted.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["check"])))
